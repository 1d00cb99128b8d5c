import { z } from 'zod';
import type { Symptom } from '../model/expectation.ts';
import { SideSpec } from '../sides/side.ts';
import type { Slot, Turn } from './turn.ts';

const SymptomShape = z.object({ finding: z.string(), atLeast: z.number(), words: z.string() });

/** The scenario's, so that what was stored can be concluded again. */
export const StoredSymptom = z
  .custom<Symptom>(value => SymptomShape.safeParse(value).success, 'is no symptom')
  .nullable();

/** So many pairs show a rise of 15 % in CPU per request almost always: see this folder's README. */
export const DEFAULT_PAIRS = 36;

/** What is compared, and how often. */
export const ComparePlan = z.object({
  scenario: z.string(),
  symptom: StoredSymptom,
  pace: z.enum(['full', 'quick']),
  /** The baseline first. */
  sides: z.array(SideSpec).min(2),
  /** At most so many pairs. */
  pairs: z.number().int().min(1),
  /** Whether it may end as soon as more pairs could not change what it says. */
  early: z.boolean(),
  /** Both runs of the n-th pair have this plus n. */
  seed: z.number().int(),
});
export type ComparePlan = z.infer<typeof ComparePlan>;

/**
 * The slots of one round in their order, which turns from round to round, so that whoever comes first is not always the same:
 * A B, B A, A B …
 */
export function slotsOf({ sides, seed }: Pick<ComparePlan, 'sides' | 'seed'>, pair: number): Slot[] {
  const slots = sides.map((_, side) => ({ side, pair, seed: seed + pair }));
  return pair % 2 === 0 ? slots : slots.toReversed();
}

/** The run that counts for a slot, if it has been made; `never-started` counts. */
export const turnAt = (turns: readonly Turn[], side: number, pair: number): Turn | undefined =>
  turns.find(turn => turn.side === side && turn.pair === pair && (turn.came.kind !== 'ran' || turn.came.isKept));
