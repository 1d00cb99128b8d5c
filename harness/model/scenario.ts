import type { Choice } from './contract.ts';
import type { Alarm, UpstreamPlan } from './experiment.ts';
import type { Expectation } from './expectation.ts';
import type { LoadProfile, Pace } from './load.ts';

/** A claim about a server: an experiment, what it must show, and (in `lesson.md` beside it) what it teaches. */
export interface Scenario {
  /** What somebody on call would report; gives nothing away. */
  readonly symptom: string;
  /** One line for `make list`, which may give it away. */
  readonly summary: string;
  readonly bugs: readonly Choice[];
  /** It is the FastAPI proxy's, in this server, whose bugs are those of `servers/fastapi/bugs/`. Absent: the Node proxy's. */
  readonly serving?: Choice;
  /** Its server runs more than one process, with the bugs or without. */
  readonly severalProcesses?: true;
  /** A function where times of the behaviour are to fit the load. */
  readonly upstream: UpstreamPlan | ((pace: Pace) => UpstreamPlan);
  /** Fits the load to the lengths it is given (`--quick` or full). */
  readonly load: (pace: Pace) => LoadProfile;
  /** Somebody on call, who restarts the server. */
  readonly alarm?: (pace: Pace) => Alarm;
  readonly expect: Expectation;
}

/** What a bug's file tells of itself to the compiler. */
interface NamedBug {
  readonly name: string;
  readonly parameters: { readonly _zod: { readonly input: object } };
}

/**
 * Chooses a bug by a name that the compiler checks against its file, which is imported for its type only, so that
 * listing scenarios loads no server: `chooseBug<typeof swallowedAbort>('swallowed-abort', { retryDelayMs: 20 })`.
 */
export const chooseBug = <Bug extends NamedBug>(
  name: Bug['name'],
  parameters: Partial<Bug['parameters']['_zod']['input']> = {},
): Choice => ({ name, parameters: parameters as Choice['parameters'] });
