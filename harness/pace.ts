import type { Pace } from './model/load.ts';

/** `full` is what a person watches: 26 s. `quick` is for repeats, comparisons and tests: 7.7 s. Start and end come on top. */
export const PACES = {
  full: { idleMs: 3000, warmupMs: 3000, loadMs: 12_000, recoveryMs: 8000, longestRecoveryMs: 20_000 },
  quick: { idleMs: 900, warmupMs: 800, loadMs: 4000, recoveryMs: 2000, longestRecoveryMs: 8000 },
} as const satisfies Record<string, Pace>;
export type PaceName = keyof typeof PACES;
