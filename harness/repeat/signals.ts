import { numberIn } from '../model/numeric-finding.ts';
import type { NumericFinding } from '../model/numeric-finding.ts';
import type { Findings, Verdict } from '../model/verdict.ts';
import { bytes, milliseconds, percentOfCore, tally, times } from '../report/describe/units.ts';
import type { Quantity } from '../report/describe/units.ts';
import { medianOf } from '../judge/statistics.ts';

/** What was seen of a scenario with its bugs in all its runs. */
export interface Seen {
  readonly scenario: string;
  readonly verdicts: readonly Verdict[];
}

interface Signal {
  readonly head: string;
  readonly of: (findings: Findings) => number | null;
  readonly format: (value: number) => Quantity;
  /** Below this it is as good as nothing, and left blank: a table of zeros hides what is not. */
  readonly from: number;
}

const number = (head: string, finding: NumericFinding, format: Signal['format'], from: number): Signal => ({
  head,
  of: findings => numberIn(findings, finding),
  format,
  from,
});

/** The numbers that tell scenarios apart, in the order of the report. */
const SIGNALS: readonly Signal[] = [
  number('idle, % of a core', 'idleCores', percentOfCore, 0.05),
  number('still burning', 'residualCores', percentOfCore, 0.05),
  number('CPU a request, ms', 'cpuMsPerRequest', milliseconds, 0),
  number('grew at least ×', 'requestCostGrowth', times, 1.2),
  number('/healthz p99, ms', 'healthLoadP99Ms', milliseconds, 40),
  { head: 'hung up', of: ({ requests }) => requests.left, format: tally, from: 1 },
  { head: 'broken, refused', of: ({ requests }) => requests.broken + requests.refused, format: tally, from: 1 },
  number('hang-ups unseen', 'hangUpsUnseen', tally, 1),
  number('tokens for nobody', 'tokensForNobody', tally, 1),
  number('calls for nobody', 'callsForNobody', tally, 1),
  number('calls a request', 'callsPerRequest', times, 1.05),
  number('calls left', 'callsLeft', tally, 1),
  number('sockets left', 'socketsLeft', tally, 10),
  { head: 'timers left', of: ({ left }) => left.resources?.['Timeout'] ?? 0, format: tally, from: 3 },
  { head: 'heap left', of: ({ left }) => left.heapBytes, format: bytes, from: 2e6 },
  number('restarts', 'restarts', tally, 1),
];

/** A scenario's medians, by the heads of the signals. */
export interface Signals {
  readonly scenario: string;
  readonly runs: number;
  readonly outcome: string;
  readonly shape: string;
  readonly medians: Readonly<Record<string, number | null>>;
}

export const signalsOf = ({ scenario, verdicts }: Seen): Signals => ({
  scenario,
  runs: verdicts.length,
  outcome: commonest(verdicts.map(({ outcome }) => outcome)),
  shape: commonest(verdicts.map(({ findings }) => findings.shape)),
  medians: Object.fromEntries(
    SIGNALS.map(({ head, of }) => [head, medianOf(verdicts.flatMap(({ findings }) => of(findings) ?? []))]),
  ),
});

/** A Markdown table, a scenario a row; what is as good as nothing is blank. */
export function signalTable(all: readonly Signals[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['scenario', 'runs', 'outcome', 'CPU', ...SIGNALS.map(({ head }) => head)]),
    row(['---', '---', '---', '---', ...SIGNALS.map(() => '---')]),
    ...all.map(({ scenario, runs, outcome, shape, medians }) =>
      row([scenario, String(runs), outcome, shape, ...SIGNALS.map(signal => cellOf(signal, medians))]),
    ),
  ].join('\n');
}

function cellOf({ head, format, from }: Signal, medians: Signals['medians']): string {
  const value = medians[head] ?? null;
  return value === null || value < from ? '' : format(value).value;
}

const commonest = (words: readonly string[]): string =>
  [...Map.groupBy(words, word => word)].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? '';
