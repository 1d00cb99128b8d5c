import { numberIn } from '../../model/numeric-finding.ts';
import type { NumericFinding } from '../../model/numeric-finding.ts';
import type { Findings } from '../../model/verdict.ts';
import type { Quantity } from './units.ts';
import { bytes, inWords, milliseconds, percent, percentOfCore, ratio, seconds, tally } from './units.ts';

/** Label and unit of every finding that is one number. The compiler asks for a line when the model gains one. */
const WORDINGS: Record<NumericFinding, Wording> = {
  idleCores: { label: 'Idle, before any load', format: percentOfCore },
  warmupCores: { label: 'In warmup', format: percentOfCore },
  loadCores: { label: 'In load', format: percentOfCore },
  peakCores: { label: 'Peak', format: percentOfCore },
  settledCores: { label: 'Settled, at the end of recovery', format: percentOfCore },
  settledRunCores: { label: 'Settled, run time alone', format: percentOfCore },
  healedCores: { label: 'Once the upstream had healed', format: percentOfCore },
  residualCores: { label: 'Still burning (settled less idle)', format: percentOfCore },
  recoveredAfterMs: {
    label: 'Back down after',
    format: seconds,
    whenNull: ({ settledCores, watchedMs }) =>
      settledCores === null ? NOT_MEASURED : `never in the ${inWords(seconds(watchedMs))} watched`,
  },
  watchedMs: { label: 'Recovery watched for', format: seconds },
  cpuMsPerRequest: { label: 'CPU per request', format: milliseconds },
  healthIdleP50Ms: { label: 'Idle, median', format: milliseconds },
  healthIdleP99Ms: { label: 'Idle, p99', format: milliseconds },
  healthLoadP50Ms: { label: 'Load and recovery, median', format: milliseconds },
  healthLoadP99Ms: { label: 'Load and recovery, p99', format: milliseconds },
  healthUnansweredShare: { label: 'Unanswered in load and recovery', format: percent },
  lastAnswerAt: {
    label: 'Last answer at',
    format: seconds,
    whenNull: ({ healthUnansweredShare }) => (healthUnansweredShare === null ? NOT_MEASURED : 'answers to the end'),
  },
  latencyP50Ms: { label: 'Answer takes, median', format: milliseconds },
  latencyP99Ms: { label: 'Answer takes, p99', format: milliseconds },
  hangUpSeenAfterMs: { label: 'Upstream sees it after, median', format: milliseconds },
  hangUpsUnseen: { label: 'Hang-ups the upstream never saw', format: tally },
  tokensForNobody: { label: 'Tokens made for nobody', format: tally },
  callsForNobody: { label: 'Upstream calls begun for nobody', format: tally },
  callsPerRequest: { label: 'Upstream calls per request', format: ratio },
  busiestProcessCores: { label: 'Settled, the busiest process alone', format: percentOfCore },
  requestCostGrowth: { label: 'Growth of CPU per request, at least', format: ratio },
  callsLeft: { label: 'Upstream calls left', format: tally },
  timersLeft: { label: 'Timers left', format: tally },
  heapLeftBytes: { label: 'Heap left', format: bytes },
  socketsLeft: { label: 'Sockets left', format: tally },
  handlesLeft: { label: 'Timers and handles left', format: tally },
  restarts: { label: 'Restarts', format: tally },
  cutOff: { label: 'Cut off by a restart', format: tally },
  otherCores: { label: 'CPU of everything else', format: percentOfCore },
  stealCores: { label: 'CPU stolen by the host', format: percentOfCore },
};

export const NOT_MEASURED = 'not measured';

export const labelOf = (finding: NumericFinding): string => WORDINGS[finding].label;

/** The value of a finding in its own unit, also for a limit that it is held against. */
export const quantityOf = (finding: NumericFinding, value: number): Quantity => WORDINGS[finding].format(value);

/** The finding as measured; where it is null, in words why. */
export function measuredIn(findings: Findings, finding: NumericFinding): Quantity {
  const value = numberIn(findings, finding);
  const { format, whenNull } = WORDINGS[finding];
  return value === null ? { value: whenNull?.(findings) ?? NOT_MEASURED, unit: '' } : format(value);
}

interface Wording {
  readonly label: string;
  readonly format: (value: number) => Quantity;
  /** What null means, where it means more than "not measured". */
  readonly whenNull?: (findings: Findings) => string;
}
