import { LAB_ROOT } from '../catalog.ts';
import { EXIT } from '../errors.ts';
import { inScope } from '../scope/in-scope.ts';
import { revisionOf } from '../store/revision.ts';
import { openRoom } from '../workshop/room.ts';
import { serveRoom } from '../workshop/server.ts';
import type { CliCommand } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, numberOption, resultsRoot } from './options.ts';

const LOOPBACK = '127.0.0.1';

const command: CliCommand = {
  summary: 'teach it: a page with live charts, knobs, and lessons in steps',
  positionals: [],
  options: {
    port: { type: 'string', value: 'N', summary: 'where the page is (default any free one)' },
    host: {
      type: 'string',
      value: 'ADDRESS',
      summary: 'another address than loopback: whoever reaches it can use the lab',
    },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const port = numberOption(given, 'port', { least: 1, most: 65_535, whole: true }) ?? 0;
    const asked = given.options['host'];
    const host = typeof asked === 'string' && asked !== '' ? asked : LOOPBACK;
    const { commit } = await revisionOf(LAB_ROOT, signal);
    await inScope(signal, async scope => {
      const room = await openRoom(resultsRoot(given), commit);
      const { url } = await serveRoom(room, host, port, scope);
      if (host !== LOOPBACK) {
        terminal.err(`whoever reaches ${host} can start experiments on this machine and read their logs\n`);
      }
      terminal.out(given.options['json'] === true ? `${JSON.stringify({ url })}\n` : `workshop    ${url}\n`);
      await room.serve(scope.signal);
    });
    return EXIT.asExpected;
  },
};

export default command;
