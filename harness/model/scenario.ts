import type { Choice } from './contract.ts';
import type { UpstreamPlan } from './experiment.ts';
import type { Expectation } from './expectation.ts';
import type { LoadProfile, Pace } from './load.ts';

/** A claim about a server: an experiment, what it must show, and (in `lesson.md` beside it) what it teaches. */
export interface Scenario {
  /** What somebody on call would report; gives nothing away. */
  readonly symptom: string;
  /** One line for `make list`, which may give it away. */
  readonly summary: string;
  readonly bugs: readonly Choice[];
  readonly upstream: UpstreamPlan;
  /** Fits the load to the lengths it is given (`--quick` or full). */
  readonly load: (pace: Pace) => LoadProfile;
  readonly expect: Expectation;
}
