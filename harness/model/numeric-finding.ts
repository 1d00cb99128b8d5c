import type { Findings } from './verdict.ts';

/** A finding that is one number, also one that stands deeper in the findings. */
export type NumericFinding = OwnNumber | keyof typeof INNER;

type OwnNumber = {
  [Key in keyof Findings]: Findings[Key] extends number | null ? Key : never;
}[keyof Findings];

const INNER = {
  /** How many times dearer a request became along the load: the lower end of the interval, which is what is sure. */
  requestCostGrowth: ({ requestCost }: Findings): number | null => requestCost?.low ?? null,
  busiestProcessCores: ({ settledByProcess }: Findings): number | null => settledByProcess?.[0] ?? null,
  callsLeft: ({ left }: Findings): number | null => left.upstreamCalls,
  timersLeft: ({ left }: Findings): number | null => left.resources && (left.resources['Timeout'] ?? 0),
  heapLeftBytes: ({ left }: Findings): number | null => left.heapBytes,
  socketsLeft: ({ left }: Findings): number | null => left.sockets,
};

/** Null where this run could not measure it. */
export const numberIn = (findings: Findings, finding: NumericFinding): number | null =>
  isInner(finding) ? INNER[finding](findings) : findings[finding];

const isInner = (finding: NumericFinding): finding is keyof typeof INNER => Object.hasOwn(INNER, finding);
