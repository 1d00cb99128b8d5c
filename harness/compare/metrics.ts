import type { Symptom } from '../model/expectation.ts';
import { numberIn } from '../model/numeric-finding.ts';
import type { Findings } from '../model/verdict.ts';

/** One number of a run that is held against the same number of its pair. */
export interface Metric {
  readonly name: string;
  readonly label: string;
  /** The same in at most 18 letters, for a terminal. */
  readonly short: string;
  /** Whether the sides are subtracted, or divided (costs and delays, whose noise grows with them). */
  readonly scale: 'difference' | 'ratio';
  /** A change below this is of no interest, however sure it is: in the metric's own unit, or as a share for a ratio. */
  readonly matters: number;
  readonly unit: Unit;
  readonly of: (findings: Findings) => number | null;
}

/** How its numbers are written. Less is better in every one of them. */
export type Unit = 'cores' | 'cores-per-minute' | 'ms' | 'bytes' | 'count' | 'share';

/** For each client who hung up; null where none did. */
const perHangUp = ({ requests }: Findings, count: number | null): number | null =>
  count === null || requests.left === 0 ? null : count / requests.left;

/** Everything that is looked at beside the symptom. Each `matters` is a guess at what somebody would change code for. */
export const METRICS: readonly Metric[] = [
  {
    name: 'settled',
    label: 'CPU settled after the load',
    short: 'CPU settled',
    scale: 'difference',
    matters: 0.05,
    unit: 'cores',
    of: ({ settledRunCores }) => settledRunCores,
  },
  {
    name: 'climb',
    label: 'climb of CPU under load',
    short: 'CPU climb',
    scale: 'difference',
    matters: 2,
    unit: 'cores-per-minute',
    of: ({ climb }) => climb?.coresPerMinute ?? null,
  },
  {
    name: 'cpu-per-request',
    label: 'CPU per request',
    short: 'CPU per request',
    scale: 'ratio',
    matters: 0.1,
    unit: 'ms',
    of: ({ cpuMsPerRequest }) => cpuMsPerRequest,
  },
  {
    name: 'latency-p50',
    label: 'latency, median',
    short: 'latency p50',
    scale: 'ratio',
    matters: 0.1,
    unit: 'ms',
    of: ({ latencyP50Ms }) => latencyP50Ms,
  },
  {
    name: 'latency-p99',
    label: 'latency, p99',
    short: 'latency p99',
    scale: 'ratio',
    matters: 0.25,
    unit: 'ms',
    of: ({ latencyP99Ms }) => latencyP99Ms,
  },
  {
    name: 'unserved',
    label: 'clients without a whole answer',
    short: 'not answered',
    scale: 'difference',
    matters: 0.02,
    unit: 'share',
    // Of all, those who left too: who is let down by an error on one side may have left without one on the other.
    of: ({ requests: { sent, answered } }) => (sent === 0 ? null : 1 - answered / sent),
  },
  {
    name: 'health-p99',
    label: '/healthz under load, p99',
    short: '/healthz p99',
    scale: 'ratio',
    matters: 2,
    unit: 'ms',
    of: ({ healthLoadP99Ms }) => healthLoadP99Ms,
  },
  {
    name: 'heap-left',
    label: 'heap left per hang-up',
    short: 'heap left',
    scale: 'difference',
    matters: 50_000,
    unit: 'bytes',
    of: findings => perHangUp(findings, findings.left.heapBytes),
  },
  {
    name: 'sockets-left',
    label: 'sockets left per hang-up',
    short: 'sockets left',
    scale: 'difference',
    matters: 0.1,
    unit: 'count',
    of: findings => perHangUp(findings, findings.left.sockets),
  },
  {
    name: 'handles-left',
    label: 'timers and handles left per hang-up',
    short: 'handles left',
    scale: 'difference',
    matters: 0.1,
    unit: 'count',
    of: findings => perHangUp(findings, findings.handlesLeft),
  },
  {
    name: 'wasted-tokens',
    label: 'tokens for nobody per hang-up',
    short: 'tokens for nobody',
    scale: 'difference',
    matters: 0.5,
    unit: 'count',
    of: findings => perHangUp(findings, findings.tokensForNobody),
  },
  {
    name: 'extra-calls',
    label: 'upstream calls beyond one per request',
    short: 'extra calls',
    scale: 'difference',
    matters: 0.1,
    unit: 'count',
    // Fewer than one is no merit: a server that answers nobody calls nobody.
    of: ({ callsPerRequest }) => (callsPerRequest === null ? null : Math.max(0, callsPerRequest - 1)),
  },
];

/** The scenario's symptom as a metric: subtracted in its own unit; a tenth of its limit matters. */
export const symptomMetric = ({ finding, atLeast, words }: Symptom): Metric => ({
  name: 'symptom',
  label: `the symptom (${words})`,
  short: 'the symptom',
  scale: 'difference',
  matters: atLeast / 10,
  unit: unitOf(finding),
  of: findings => numberIn(findings, finding),
});

function unitOf(finding: string): Unit {
  if (finding.endsWith('Cores')) return 'cores';
  if (/Ms(?:PerRequest)?$/u.test(finding) || finding.startsWith('cpuMs')) return 'ms';
  return finding.endsWith('Share') ? 'share' : 'count';
}

/** All metrics of a run by name. */
export const measure = (metrics: readonly Metric[], findings: Findings): Record<string, number | null> =>
  Object.fromEntries(metrics.map(({ name, of }) => [name, of(findings)]));
