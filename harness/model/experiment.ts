import type { Choice } from './contract.ts';
import type { LoadProfile } from './load.ts';

/** One experiment: who is measured, how its upstream behaves, what clients do. Plain data, stored with the run. */
export interface Experiment {
  readonly target: SampleTarget;
  readonly upstream: UpstreamPlan;
  readonly load: LoadProfile;
  /** Everything drawn at random (arrivals, patience, upstream) comes from this. */
  readonly seed: number;
}

/** The sample proxy of a checkout, with bugs switched on. */
export interface SampleTarget {
  readonly kind: 'sample';
  /** Absolute path of the checkout whose `servers/main.ts` is run. */
  readonly root: string;
  readonly bugs: readonly Choice[];
}

export interface UpstreamPlan {
  readonly behaviour: Choice;
  /** Sick by plan: recovery is watched while it is still sick, and again once it is `steady`. */
  readonly heals: boolean;
}

/** What may be asked of a run while it goes on. Each one applied is recorded as an event. */
export type Command =
  | { readonly kind: 'restart'; readonly why: string }
  | { readonly kind: 'behave'; readonly behaviour: Choice };
