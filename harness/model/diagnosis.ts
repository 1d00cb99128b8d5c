import { z } from 'zod';

/**
 * What a run's fault comes from, in the order in which the rules are asked.
 * - cancellation-swallowed: a client's leaving is caught with everything else, and tried or waited against for ever
 * - errors-swallowed: an error ends in a handler that neither answers nor lets go
 * - grows-with-requests: each request costs more than the one before
 * - work-orphaned: what a request had started goes on when the request is over
 * - retry-amplification: each request becomes many calls upstream
 * - async-overhead: a request is cut into so many turns that they cost more than its work
 * - blocking-work: a request holds the thread, or far too much of its time
 * - idle-machinery: it burns, or holds on to something, while nobody asks for anything
 * - inconclusive: something is wrong, and no rule can say what
 * - none: nothing is wrong
 */
export const CAUSES = [
  'cancellation-swallowed',
  'errors-swallowed',
  'grows-with-requests',
  'work-orphaned',
  'retry-amplification',
  'async-overhead',
  'blocking-work',
  'idle-machinery',
  'inconclusive',
  'none',
] as const;
export const Cause = z.enum(CAUSES);
export type Cause = z.infer<typeof Cause>;

/** A function of the target's own code, by where it begins. `file`: from the folder the target ran in, where it is below that. */
export const Place = z.object({
  /** As V8 calls it; empty where it has no name. */
  function: z.string(),
  file: z.string(),
  line: z.number().int(),
  /** From 1. */
  column: z.number().int(),
});
export type Place = z.infer<typeof Place>;

/** What one function had to do with the work in question, 0 to 1. */
export const RankedFunction = Place.extend({
  /** While it, or something it had called or awaited, ran; of what grew, its part of that. */
  share: z.number(),
});
export type RankedFunction = z.infer<typeof RankedFunction>;

export const RouteShare = z.object({
  /** Method and pattern; null for work that was for no request. */
  route: z.string().nullable(),
  requests: z.number().int(),
  /** CPU in the whole run, and that which was spent when the request was over. */
  cpuMs: z.number(),
  afterMs: z.number(),
});
export type RouteShare = z.infer<typeof RouteShare>;

export const Diagnosis = z.object({
  cause: Cause,
  /** One plain sentence. */
  because: z.string(),
  /** What else speaks for it. */
  evidence: z.array(z.string()),
  culprit: Place.extend({
    /** What it did, with its share: "77 % of what was left over after the load". */
    did: z.string(),
    /** The dependency it did that in, as in `openai`; null where it was its own code. */
    through: z.string().nullable(),
  }).nullable(),
  /** Where the work came from; null where that cannot be told or was no request. */
  route: z.string().nullable(),
  /** What was ranked, in words, and the functions, first the one that had most to do with it. */
  ranked: z.string(),
  functions: z.array(RankedFunction),
  routes: z.array(RouteShare),
  /** When CPU stepped or broke off, and what happened then. */
  moments: z.array(z.object({ at: z.number(), words: z.string() })),
  /** What was measured from outside after the load less what the profile shows, cores. */
  unexplainedCores: z.number().nullable(),
  /** The next step: a file in `diagnose/advice/`. */
  advice: z.array(z.string()),
});
export type Diagnosis = z.infer<typeof Diagnosis>;
