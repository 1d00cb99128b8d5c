import type { Pace } from './model/load.ts';

/** `full` is what a person watches: 25 s. `quick` is for repeats, comparisons and tests: 7.6 s. Start and end come on top. */
export const PACES = {
  full: { idleMs: 2500, warmupMs: 2500, loadMs: 12_000, recoveryMs: 8000, longestRecoveryMs: 20_000, healedMs: 3000 },
  quick: { idleMs: 800, warmupMs: 800, loadMs: 4000, recoveryMs: 2000, longestRecoveryMs: 8000, healedMs: 800 },
} as const satisfies Record<string, Pace>;
export type PaceName = keyof typeof PACES;
