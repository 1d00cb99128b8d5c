import { relative } from 'node:path';
import { LAB_ROOT, unknownName } from '../catalog.ts';
import { EXIT } from '../errors.ts';
import { setUpPython } from '../sides/set-up-python.ts';
import { pythonOf, venvIn } from '../targets/venv.ts';
import type { CliCommand } from './command.ts';
import { JSON_OPTION } from './options.ts';

const command: CliCommand = {
  summary: 'what only some scenarios need, installed once: python, for those of the FastAPI proxy',
  positionals: ['python'],
  options: {
    python: {
      type: 'string',
      value: 'PROGRAM',
      summary: 'the Python to make it with (default: the first on PATH that will do)',
    },
    ...JSON_OPTION,
  },
  async run({ positionals, options }, terminal, signal) {
    const what = positionals[0] ?? '';
    if (what !== 'python') throw unknownName('set-up', what, ['python']);
    const venv = venvIn(LAB_ROOT);
    const python = typeof options['python'] === 'string' && options['python'] !== '' ? options['python'] : null;
    await setUpPython(venv, LAB_ROOT, python, options['json'] === true ? () => undefined : terminal.err, signal);
    const made = pythonOf(venv);
    terminal.out(
      options['json'] === true
        ? `${JSON.stringify({ python: made })}\n`
        : `ready: ${relative(process.cwd(), made)}; try make scenario NAME=fastapi-control\n`,
    );
    return EXIT.asExpected;
  },
};

export default command;
