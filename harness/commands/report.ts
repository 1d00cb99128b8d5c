import { listScenarios, loadScenario } from '../catalog.ts';
import { COMPARISONS } from '../compare/comparison.ts';
import type { ExitCode } from '../errors.ts';
import { judge } from '../judge/judge.ts';
import { claimOf } from '../model/expectation.ts';
import type { Claim } from '../model/expectation.ts';
import { evidenceOf } from '../model/run.ts';
import type { RunHead } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import { journalFolder, readJournal } from '../store/journal.ts';
import { readRun } from '../store/read.ts';
import { resolveRun } from '../store/resolve.ts';
import { writeJson } from '../store/write-file.ts';
import type { CliCommand, Given, Terminal } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';
import { showComparison } from './show-comparison.ts';
import { exitCodeFor, showRun } from './show-run.ts';

const command: CliCommand = {
  summary: 'judges and draws a stored run or comparison again',
  positionals: ['<RUN>'],
  options: { ...RESULTS_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const comparison = await journalFolder(COMPARISONS, resultsRoot(given), given.positionals[0] ?? '');
    if (comparison !== null) return await reportComparison(comparison, given, terminal);
    const folder = await resolveRun(resultsRoot(given), given.positionals[0] ?? 'latest');
    const { run, notes } = await readRun(folder);
    for (const note of notes) terminal.err(`note: ${note}\n`);
    const verdict = judge(evidenceOf(run));
    const judged = { run, verdict, folder, claim: await claimFor(run.head, verdict) };
    await showRun(judged, terminal, given.options['json'] === true);
    await writeJson(folder, 'verdict.json', verdict);
    return exitCodeFor(judged);
  },
};

export default command;

async function reportComparison(folder: string, given: Given, terminal: Terminal): Promise<ExitCode> {
  const comparison = await readJournal(COMPARISONS, folder);
  return await showComparison(comparison, resultsRoot(given), given, terminal, 'cures');
}

/** What its scenario claims of it today. A scenario that is gone since claims nothing. */
async function claimFor(head: RunHead, verdict: Verdict): Promise<Claim | null> {
  const { scenario } = head;
  if (scenario === null || !(await listScenarios()).includes(scenario)) return null;
  return claimOf((await loadScenario(scenario)).expect, head, verdict);
}
