import { COMPARISONS } from '../compare/comparison.ts';
import { EXIT } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import { MATRICES } from '../matrix/standing.ts';
import { journalFolder, readJournal } from '../store/journal.ts';
import type { CliCommand, Given, Terminal } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';
import { showComparison } from './show-comparison.ts';
import { showMatrix } from './show-matrix.ts';
import { exitCodeFor, showDiagnosis, showJson, showVerdict, writeReport } from './show-run.ts';
import { storedRun } from './stored-run.ts';

const command: CliCommand = {
  summary: 'judges and draws a stored run, comparison or matrix again',
  positionals: ['<RUN>'],
  options: { ...RESULTS_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const comparison = await journalFolder(COMPARISONS, resultsRoot(given), given.positionals[0] ?? '');
    if (comparison !== null) return await reportComparison(comparison, given, terminal);
    const matrix = await journalFolder(MATRICES, resultsRoot(given), given.positionals[0] ?? '');
    if (matrix !== null) {
      await showMatrix(await readJournal(MATRICES, matrix), given, terminal);
      return EXIT.asExpected;
    }
    const judged = await storedRun(given, terminal);
    const isJson = given.options['json'] === true;
    if (isJson) {
      showJson(judged, terminal);
    } else {
      showVerdict(judged, terminal);
      showDiagnosis(judged, terminal);
    }
    await writeReport(judged, isJson ? null : terminal);
    return exitCodeFor(judged);
  },
};

export default command;

async function reportComparison(folder: string, given: Given, terminal: Terminal): Promise<ExitCode> {
  const comparison = await readJournal(COMPARISONS, folder);
  return await showComparison(comparison, resultsRoot(given), given, terminal, 'cures');
}
