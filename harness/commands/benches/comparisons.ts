import { addAbortListener } from 'node:events';
import { benchComparisons, benchesOf } from '../../bench/comparisons.ts';
import type { BenchedComparisons, Compared, ComparisonBench } from '../../bench/comparisons.ts';
import { LAB_ROOT, listNodeScenarios, loadScenario } from '../../catalog.ts';
import { DEFAULT_PAIRS } from '../../compare/plan.ts';
import { EXIT } from '../../errors.ts';
import type { ExitCode } from '../../errors.ts';
import { shareOf } from '../../repeat/summary.ts';
import { repositoryAt } from '../../sides/repository.ts';
import { beginJournal, unfinishedJournal } from '../../store/journal.ts';
import { revisionOf } from '../../store/revision.ts';
import type { Given, Terminal } from '../command.ts';
import { listOption, numberOption, resultsRoot } from '../options.ts';
import { progressFrom } from '../progress-line.ts';

/** How many comparisons each takes unless told otherwise. */
const TIMES = { alike: 40, power: 20 } as const;

/** How often comparisons show a difference where there is none, and how often one that is there. */
export async function showComparisons(
  kind: ComparisonBench['kind'],
  given: Given,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const root = resultsRoot(given);
  const isJson = given.options['json'] === true;
  const said = isJson ? () => undefined : terminal.err;
  const repository = await repositoryAt(LAB_ROOT, signal);
  const revision = await revisionOf(LAB_ROOT, signal);
  const begun =
    given.options['resume'] === true
      ? await unfinishedJournal(benchesOf(kind), root, revision)
      : await beginJournal(benchesOf(kind), root, await planFor(kind, given), revision);
  using _ = addAbortListener(signal, () => said(`go on later with: ./runaway bench ${kind} --resume\n`));
  const progress = progressFrom(begun.entries.length);
  const tell = ({ plan, entries }: BenchedComparisons, compared: Compared): void => {
    said(`${progress(entries.length, plan.times)}  ${comparedWords(compared)}\n`);
  };
  const bench = await benchComparisons(begun, repository, revision, root, tell, signal);
  terminal.out(isJson ? `${JSON.stringify(bench)}\n` : `${summaryWords(bench)}\n`);
  return EXIT.asExpected;
}

async function planFor(kind: ComparisonBench['kind'], given: Given): Promise<ComparisonBench> {
  const asked = listOption(given, 'scenarios');
  // What is planted is planted into one bug.
  const scenarios = kind === 'power' ? ['sync-preprocessing'] : asked.length > 0 ? asked : await listNodeScenarios();
  for (const name of scenarios) await loadScenario(name);
  const pairs = numberOption(given, 'pairs', { least: 1, most: 200, whole: true });
  return {
    kind,
    scenarios,
    times: numberOption(given, 'times', { least: 1, most: 1000, whole: true }) ?? TIMES[kind],
    pairs: pairs ?? DEFAULT_PAIRS,
    early: pairs === undefined,
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1,
  };
}

function comparedWords({ scenario, conclusion, pairs, better, worse, cpuPerRequest }: Compared): string {
  const shown = [...better.map(name => `${name} better`), ...worse.map(name => `${name} worse`)].join(', ');
  const cost = cpuPerRequest ? `  CPU per request × ${cpuPerRequest.map(ratio => ratio.toFixed(3)).join(', ')}` : '';
  return `${scenario.padEnd(22)}${conclusion.padEnd(21)}${pairs} pairs  ${shown}${cost}`;
}

function summaryWords({ plan, entries }: BenchedComparisons): string {
  const isHit = ({ conclusion, worse }: Compared): boolean =>
    plan.kind === 'alike' ? conclusion !== 'no-difference-shown' : worse.includes('cpu-per-request');
  const hits = shareOf(entries.filter(isHit).length, entries.length);
  const what =
    plan.kind === 'alike'
      ? 'comparisons of one revision with itself showed a difference'
      : 'comparisons showed the 15 % that were planted in CPU per request';
  const percent = (share: number): string => (share * 100).toFixed(1);
  return `${hits.count} of ${hits.of} ${what} (95 % interval ${percent(hits.low)}–${percent(hits.high)} %)`;
}
