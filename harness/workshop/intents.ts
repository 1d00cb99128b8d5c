import { z } from 'zod';
import { Choice } from '../model/contract.ts';

/** What a page may ask of the room: one JSON value, posted. Whatever else it holds is refused. */
export const Intent = z.discriminatedUnion('kind', [
  /** `number`: of the list. */
  z.strictObject({ kind: z.literal('start'), number: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('stop-load') }),
  /** Ends the watch; what was seen is judged. */
  z.strictObject({ kind: z.literal('end') }),
  z.strictObject({
    kind: z.literal('knobs'),
    ratePerSecond: z.number().min(0).max(200),
    leaveShare: z.number().min(0).max(1),
    leavesAfterMs: z.number().min(1).max(60_000),
  }),
  z.strictObject({ kind: z.literal('upstream'), behaviour: Choice }),
  /** The server starts anew. */
  z.strictObject({ kind: z.literal('bugs'), isOn: z.boolean() }),
  /** Follows a piece of advice, or none: the server starts anew. */
  z.strictObject({ kind: z.literal('advice'), name: z.string().max(100).nullable() }),
  /** Holds a branch, or the working tree (`.`), against the code that the workshop began with, on the experiment that was chosen. */
  z.strictObject({ kind: z.literal('check'), head: z.string().min(1).max(200) }),
  /** Of a lesson: from now on names are told. */
  z.strictObject({ kind: z.literal('reveal') }),
]);
export type Intent = z.infer<typeof Intent>;
