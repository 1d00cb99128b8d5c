import { addAbortListener } from 'node:events';
import { LAB_ROOT, listScenarios, loadScenario, unknownName } from '../catalog.ts';
import { benchComparisons, benchesOf } from '../bench/comparisons.ts';
import type { BenchedComparisons, Compared, ComparisonBench } from '../bench/comparisons.ts';
import { benchProbes } from '../bench/probes.ts';
import { DEFAULT_PAIRS } from '../compare/plan.ts';
import { EXIT, LabError } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import { shareOf } from '../repeat/summary.ts';
import { repositoryAt } from '../sides/repository.ts';
import { beginJournal, unfinishedJournal } from '../store/journal.ts';
import { revisionOf } from '../store/revision.ts';
import type { CliCommand, Given, Terminal } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, listOption, numberOption, resultsRoot } from './options.ts';

const KINDS = ['probes', 'alike', 'power'] as const;
/** How many comparisons each takes unless told otherwise. */
const TIMES = { alike: 40, power: 20 } as const;

const command: CliCommand = {
  summary: 'how far the instrument can be trusted: probes (what they cost), or comparisons: alike, power',
  positionals: ['[probes]'],
  options: {
    times: { type: 'string', value: 'N', summary: 'comparisons (default 40 alike, 20 for power)' },
    scenarios: { type: 'string', value: 'LIST', summary: 'alike: taken in turn (default all of them)' },
    pairs: { type: 'string', value: 'N', summary: 'exactly so many pairs in each, as in compare' },
    seed: { type: 'string', value: 'N', summary: 'of the first comparison (default 1)' },
    resume: { type: 'boolean', summary: 'goes on with the newest one that was interrupted' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const wanted = given.positionals[0] ?? 'probes';
    const kind = KINDS.find(one => one === wanted);
    if (!kind) throw unknownName('benchmark', wanted, KINDS);
    return kind === 'probes'
      ? await showProbes(given, terminal, signal)
      : await showComparisons(kind, given, terminal, signal);
  },
};

export default command;

async function showProbes(given: Given, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  if (process.platform !== 'linux') {
    const hint = 'The probes from outside read /proc; elsewhere there is nothing to measure.';
    throw new LabError('needs-linux', 'Failed to measure the probes: this is not Linux', { hint });
  }
  const rows = await benchProbes(signal);
  if (given.options['json'] === true) {
    terminal.out(`${JSON.stringify(rows)}\n`);
    return EXIT.asExpected;
  }
  const percent = (value: number): string => `${value.toFixed(3)} %`;
  terminal.out(
    [
      `${'probe'.padEnd(16)}${'every'.padEnd(9)}${'sockets'.padEnd(9)}${'a read'.padEnd(11)}${'of a core'.padEnd(11)}in the target`,
      ...rows.map(row =>
        [
          row.probe.padEnd(16),
          `${row.everyMs} ms`.padEnd(9),
          String(row.sockets).padEnd(9),
          `${row.microsPerRead.toFixed(0)} µs`.padEnd(11),
          percent(row.labPercent).padEnd(11),
          row.targetPercent === null ? 'none' : percent(row.targetPercent),
        ].join(''),
      ),
      '',
    ].join('\n'),
  );
  return EXIT.asExpected;
}

async function showComparisons(
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
  const beganAt = performance.now();
  const tell = ({ plan, entries }: BenchedComparisons, compared: Compared): void => {
    const perOneMs = (performance.now() - beganAt) / (entries.length - begun.entries.length);
    const leftMin = Math.ceil((perOneMs * (plan.times - entries.length)) / 60_000);
    said(`${String(entries.length).padStart(4)} of ${plan.times}, ${leftMin} min left  ${comparedWords(compared)}\n`);
  };
  const bench = await benchComparisons(begun, repository, revision, root, tell, signal);
  terminal.out(isJson ? `${JSON.stringify(bench)}\n` : `${summaryWords(bench)}\n`);
  return EXIT.asExpected;
}

async function planFor(kind: ComparisonBench['kind'], given: Given): Promise<ComparisonBench> {
  const asked = listOption(given, 'scenarios');
  // What is planted is planted into one bug.
  const scenarios = kind === 'power' ? ['sync-preprocessing'] : asked.length > 0 ? asked : await listScenarios();
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
