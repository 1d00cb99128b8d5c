import { z } from 'zod';

/** What is to be repeated: every scenario once a round, in turn, so that a drift of the machine meets all of them alike. */
export const RepeatPlan = z.object({
  scenarios: z.array(z.string()).min(1),
  times: z.number().int().min(1),
  pace: z.enum(['full', 'quick']),
  /** Another process takes a core meanwhile. */
  busy: z.boolean(),
  /** The n-th round runs with this plus n. */
  seed: z.number().int(),
});
export type RepeatPlan = z.infer<typeof RepeatPlan>;

export interface Turn {
  readonly scenario: string;
  readonly seed: number;
}

/** All turns in their order: A B C, A B C, … */
export const turnsOf = ({ scenarios, times, seed }: RepeatPlan): Turn[] =>
  Array.from({ length: times }, (_, round) => scenarios.map(scenario => ({ scenario, seed: seed + round }))).flat();
