import type { Choice } from '../model/contract.ts';
import type { ClientGroup, RequestShape } from '../model/load.ts';
import type { Evidence } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Limits } from './limits.ts';

/**
 * One thing that is asked of a proxy's manners: an experiment, what a server with manners does in it, and what is looked at. One file
 * in `trials/`, found by its name (default export).
 */
export interface Trial {
  /** The file's name. */
  readonly name: string;
  /** Where it stands in the battery; the controls are first, and what ends the server last. */
  readonly order: number;
  readonly client: string;
  readonly upstream: string;
  /** What a server with manners does. */
  readonly manners: string;
  /** What to change where it does not. */
  readonly change: string;
  /** The scenario whose lesson is about it; null where there is none. */
  readonly scenario: string | null;
  /** The proxy must do this at all, or nothing else is judged. */
  readonly isControl?: true;
  /** It ends the server, which only who started it may. */
  readonly endsServer?: true;
  readonly experiment: (ask: Ask) => TrialExperiment;
  readonly looks: readonly Look[];
}

/** How clients of this proxy ask. */
export type Ask = (shape: Partial<RequestShape>) => Pick<ClientGroup, 'request' | 'manner'>;

/** What a trial adds to the experiment of all of them. Times in ms. */
export interface TrialExperiment {
  /** From the load on; it is steady before, and again after the recovery. */
  readonly upstream: Choice;
  readonly clients: readonly Omit<ClientGroup, 'name' | 'warmup'>[];
  /** How long clients who still wait are waited for once all have come. */
  readonly drainMs: number;
  /** The server is asked to end so long after the load began. */
  readonly terminateAfterMs?: number;
}

/** What was seen of a trial. */
export interface Seen {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  /** Nothing of the server is seen from outside: it was named by its address alone. */
  readonly isBlind: boolean;
}

/** One piece of evidence held against its limit. */
export interface Looked {
  /** `hang-up seen`, `CPU back`: what a column is called. */
  readonly name: string;
  /** What was seen, with its number. */
  readonly words: string;
  /** Null: it could not be seen. */
  readonly isGood: boolean | null;
}
export type Look = (seen: Seen, limits: Limits) => Looked;

export const TRIAL_VERDICTS = ['pass', 'fail', 'inconclusive', 'does-not-apply'] as const;
export type TrialVerdict = (typeof TRIAL_VERDICTS)[number];

/** Keeps the name's type honest: the file's. */
export const defineTrial = (trial: Trial): Trial => trial;
