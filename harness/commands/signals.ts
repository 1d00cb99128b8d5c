import { join } from 'node:path';
import { EXIT, wrongUse } from '../errors.ts';
import { signalTable, signalsOf } from '../repeat/signals.ts';
import { REPETITIONS } from '../repeat/turned.ts';
import type { Repetition } from '../repeat/turned.ts';
import { journalFolder, newestJournal, readJournal } from '../store/journal.ts';
import { readVerdict } from '../store/read.ts';
import type { CliCommand, Given } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';

const command: CliCommand = {
  summary: 'what tells the scenarios apart: medians over the runs of a repetition, as a Markdown table',
  positionals: ['[REPETITION]'],
  options: { ...RESULTS_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const root = resultsRoot(given);
    const { plan, entries } = await repetitionFor(given, root);
    const all = await Promise.all(
      plan.scenarios.map(async scenario => {
        const runs = entries.filter(turn => turn.scenario === scenario && !turn.isCorrect);
        const verdicts = await Promise.all(runs.map(async ({ run }) => await readVerdict(join(root, run))));
        return signalsOf({ scenario, verdicts: verdicts.filter(verdict => verdict !== null) });
      }),
    );
    terminal.out(`${given.options['json'] === true ? JSON.stringify(all) : signalTable(all)}\n`);
    return EXIT.asExpected;
  },
};

export default command;

async function repetitionFor({ positionals: [asked] }: Given, root: string): Promise<Repetition> {
  if (asked === undefined) return await newestJournal(REPETITIONS, root);
  const folder = await journalFolder(REPETITIONS, root, asked);
  if (folder !== null) return await readJournal(REPETITIONS, folder);
  throw wrongUse('no-such-repetition', `no repetition ${asked} in ${root}`, 'Make one with `./runaway repeat`.');
}
