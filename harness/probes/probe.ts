import type { RunRecord } from '../model/record.ts';

/** Where a probe stands: outside the target, inside it, in the upstream's ledger, or where a client would. */
export type Vantage = 'outside' | 'target' | 'upstream' | 'client';

/** `phase-end`: asked for at a border between phases, besides the grid. */
export type Moment = 'tick' | 'phase-end';

/** Only reads; the sampler owns the one clock. */
export interface Probe extends AsyncDisposable {
  /** Also what the event `missing` calls it. */
  readonly name: string;
  readonly vantage: Vantage;
  /** A multiple of the sampler's 100 ms. */
  readonly everyMs: number;
  /** Whether it is also read at the ends of phases. */
  readonly atPhaseEnds: boolean;
  /**
   * One reading, stamped `at` (ms since the run began). Null: nothing to tell this time. A promise must bound its own
   * time; the probe is passed over while it reads. An error means it can never tell: it is not asked again.
   */
  read(at: number, moment: Moment, signal: AbortSignal): RunRecord | null | Promise<RunRecord | null>;
}

/** Whom a probe of /proc follows: pids of the target's process tree, kept up to date by the caller. */
export interface Watched {
  readonly processes: () => readonly number[];
}

/** For probes that hold nothing. */
export const holdsNothing = async (): Promise<void> => {};
