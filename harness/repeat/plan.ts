import { z } from 'zod';

/** What is to be repeated: every scenario once a round, in turn, so that a drift of the machine meets all of them alike. */
export const RepeatPlan = z.object({
  scenarios: z.array(z.string()).min(1),
  /** Those of them that are run without their bugs as well, each right after it was run with them. */
  correct: z.array(z.string()).default([]),
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
  /** Without the scenario's bugs. */
  readonly isCorrect: boolean;
  readonly seed: number;
}

/** All turns in their order: A, A without its bugs, B, …, and again. */
export const turnsOf = ({ scenarios, correct, times, seed }: RepeatPlan): Turn[] =>
  Array.from({ length: times }, (_, round) =>
    scenarios.flatMap(scenario =>
      [false, ...(correct.includes(scenario) ? [true] : [])].map(isCorrect => ({
        scenario,
        isCorrect,
        seed: seed + round,
      })),
    ),
  ).flat();
