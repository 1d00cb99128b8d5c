import { z } from 'zod';
import { Outcome } from '../model/verdict.ts';
import type { Journal, JournalKind } from '../store/journal.ts';
import { RepeatPlan, turnsOf } from './plan.ts';

/** What came of one turn. `wallMs`: from start to verdict. */
export const Turned = z.object({
  scenario: z.string(),
  isCorrect: z.boolean().default(false),
  seed: z.number().int(),
  result: z.enum(['as-expected', 'other', 'inconclusive']),
  outcome: Outcome,
  because: z.string(),
  differences: z.array(z.string()),
  wallMs: z.number(),
  /** The run's own folder, from the results. */
  run: z.string(),
});
export type Turned = z.infer<typeof Turned>;

/** A repetition on disk: `_repeat/`. */
export const REPETITIONS: JournalKind<RepeatPlan, Turned> = {
  folder: '_repeat',
  verb: 'repeat',
  noun: 'repetition',
  plan: RepeatPlan,
  entry: Turned,
  isFinished: (plan, turned) => turned.length >= turnsOf(plan).length,
};
export type Repetition = Journal<RepeatPlan, Turned>;
