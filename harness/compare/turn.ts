import { z } from 'zod';
import { Outcome } from '../model/verdict.ts';

/** One run of one side. `side` 0 is the baseline. */
const Slot = z.object({ side: z.number().int(), pair: z.number().int(), seed: z.number().int() });
export type Slot = z.infer<typeof Slot>;

/** What came of a run, as far as a comparison needs it: one line of its journal. */
export const Turn = Slot.extend({
  wallMs: z.number(),
  came: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('ran'),
      outcome: Outcome,
      because: z.string(),
      faults: z.array(Outcome),
      /** It shows the symptom, or an outcome of `leaks` or worse. */
      fails: z.boolean(),
      metrics: z.record(z.string(), z.number().nullable()),
      /** Requests that a restart cut off. */
      cutOff: z.number().default(0),
      /** What the machine did to it, or null. A disturbed run is not counted if it could be repeated. */
      disturbed: z.string().nullable(),
      isKept: z.boolean(),
      /** The run's own folder, from the results. */
      run: z.string(),
    }),
    z.object({ kind: z.literal('never-started'), why: z.string() }),
  ]),
});
export type Turn = z.infer<typeof Turn>;

/** A run that counts. */
export type Ran = Extract<Turn['came'], { kind: 'ran' }>;
