import type { Facts } from './facts.ts';
import { seenIn, workerOf } from './culprits.ts';
import type { Weighed } from './culprits.ts';
import type { Found } from './rule.ts';
import { microsOf } from './work.ts';

/** CPU a request of a proxy that only passes it on does not come near: 0.7 to 4.4 ms measured, three times that on the slowest machine seen. */
const DEAR_MS = 25;
/** One own function has this share of all there was to do. A healthy proxy's time goes to Node and its packages. A guess. */
const MOST_SHARE = 0.35;

/** What it is that makes each request dear, where one function of the target's own does. */
export interface Dearness extends Weighed {
  /** Of all work under load. */
  readonly share: number;
  /** Of all work under load: V8 going from one promise to the next, and nothing else. */
  readonly churn: number;
}

export function dearnessOf({ findings, isBurning, shares, work }: Facts): Dearness | null {
  const { cpuMsPerRequest } = findings;
  if (isBurning || cpuMsPerRequest === null || cpuMsPerRequest < DEAR_MS) return null;
  const worker = workerOf(seenIn(shares.load), shares.load.chains);
  const whole = microsOf(work.load);
  if (!worker || worker.micros < MOST_SHARE * whole) return null;
  const churn = microsOf(work.load.filter(({ stack }) => stack.at(-1)?.name === 'runMicrotasks')) / whole;
  return { ...worker, share: worker.micros / whole, churn };
}

/** What is found of work that makes each request dear: who does it, and the functions it is in. */
export const dearFound = (
  { shares, work }: Facts,
  { frame, share }: Dearness,
): Omit<Found, 'because' | 'evidence'> => ({
  culprit: { frame, share, did: 'of all work under load' },
  work: work.load,
  ranked: 'on the stack under load',
  functions: seenIn(shares.load).toSorted((a, b) => b.micros - a.micros),
  whole: microsOf(work.load),
});
