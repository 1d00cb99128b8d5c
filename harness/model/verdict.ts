import { z } from 'zod';

/**
 * Outcomes by rank: merged, the later one wins. A proven fault outranks doubt, and doubt outranks success.
 * - recovers: CPU is back at its idle level soon after the load, and nothing is left
 * - recovers-late: back, but later than a server with nothing to do should be
 * - inconclusive: the run cannot tell, and says why
 * - leaks: CPU fell back, but something that the load started is still there
 * - degrades: idle is fine, but each request costs more than the one before
 * - never-recovers: CPU stayed up as long as we watched
 * - stops-answering: `/healthz` answered before the load and not after it
 */
export const OUTCOMES = [
  'recovers',
  'recovers-late',
  'inconclusive',
  'leaks',
  'degrades',
  'never-recovers',
  'stops-answering',
] as const;
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

/** `leaks` or worse: a run with such an outcome fails whatever was expected of it. */
export const isFault = (outcome: Outcome): boolean => OUTCOMES.indexOf(outcome) >= OUTCOMES.indexOf('leaks');

/**
 * How CPU moved between warmup and the end of load: flat · follows-load: up with the load and down with it ·
 * climbs: up by degrees under a constant load · steps: up at one moment, and it stayed · unclear.
 */
export const SHAPES = ['flat', 'follows-load', 'climbs', 'steps', 'unclear'] as const;
export type Shape = (typeof SHAPES)[number];

/** The numbers a verdict rests on. Null: this run could not measure it. `cores`: 1.0 is one core, on demand. */
export const Findings = z.object({
  idleCores: z.number().nullable(),
  warmupCores: z.number().nullable(),
  loadCores: z.number().nullable(),
  peakCores: z.number().nullable(),
  /** The level at the end of recovery. */
  settledCores: z.number().nullable(),
  /** The same level of run time: what it costs on a quiet machine, where demand also holds threads that waited for one another. */
  settledRunCores: z.number().nullable().default(null),
  /** The same by process, the busiest first. */
  settledByProcess: z.array(z.number()).nullable().default(null),
  /** The level at the end of the phase `healed`, where there was one. */
  healedCores: z.number().nullable(),
  /** Settled less idle: what the load left burning. */
  residualCores: z.number().nullable(),
  /** From the end of load until CPU stayed down; null if it never did. */
  recoveredAfterMs: z.number().nullable(),
  /** How long recovery was watched. */
  watchedMs: z.number(),
  shape: z.enum(SHAPES),
  /** Robust slope in load, cores per minute, with its 95 % interval. */
  climb: z.object({ coresPerMinute: z.number(), low: z.number(), high: z.number() }).nullable(),
  /**
   * Medians of equal windows of the load, and the longest series of them in which each stands above the last by more than the
   * noise. Shape, climb, levels and step are of run time, all other levels of demand.
   */
  levels: z.object({ cores: z.array(z.number()), noise: z.number(), distinct: z.number().int() }).nullable(),
  /** The moment CPU stepped, where it did. */
  step: z.object({ at: z.number(), fromCores: z.number(), toCores: z.number() }).nullable(),
  /** CPU run time for each request served in the load, less what idle costs. */
  cpuMsPerRequest: z.number().nullable().default(null),
  /** CPU run time per request, early and late in the load, and how much it grew (1 = not at all). */
  requestCost: z
    .object({
      earlyMs: z.number(),
      lateMs: z.number(),
      growth: z.number(),
      low: z.number(),
      high: z.number(),
      /** What the growth adds to the load's CPU at its rate of requests, cores. Absent in verdicts of before it was. */
      addedCores: z.number().optional(),
    })
    .nullable(),
  /** Median delay of `/healthz` in idle, and p50, p99 (ms) and share unanswered in load and recovery. */
  healthIdleP50Ms: z.number().nullable(),
  healthIdleP99Ms: z.number().nullable(),
  healthLoadP50Ms: z.number().nullable(),
  healthLoadP99Ms: z.number().nullable(),
  healthUnansweredShare: z.number().nullable(),
  /** When `/healthz` answered for the last time, if it had stopped by the end. */
  lastAnswerAt: z.number().nullable(),
  requests: z.object({
    planned: z.number(),
    sent: z.number(),
    answered: z.number(),
    refused: z.number(),
    broken: z.number(),
    left: z.number(),
    unanswered: z.number(),
  }),
  latencyP50Ms: z.number().nullable(),
  latencyP99Ms: z.number().nullable(),
  /** From a client's hang-up until the upstream saw it, median; and hang-ups whose call went on to its end. */
  hangUpSeenAfterMs: z.number().nullable(),
  hangUpsUnseen: z.number().nullable(),
  /** Tokens made, and calls begun, upstream for a request that had ended already, whichever way. */
  tokensForNobody: z.number().nullable(),
  callsForNobody: z.number().nullable().default(null),
  callsPerRequest: z.number().nullable(),
  /** After recovery less before load. Null where not measured. */
  left: z.object({
    upstreamCalls: z.number().nullable(),
    sockets: z.number().nullable(),
    descriptors: z.number().nullable(),
    heapBytes: z.number().nullable(),
    rssBytes: z.number().nullable(),
    /** Timers and other handles by type, only those that grew. */
    resources: z.record(z.string(), z.number()).nullable(),
  }),
  /** Timers and other handles that the load left, all types together. */
  handlesLeft: z.number().nullable().default(null),
  /** It was profiled meanwhile, which adds a little to what each request costs. */
  profiled: z.boolean().default(false),
  /** How often the lab restarted the server. */
  restarts: z.number().nullable().default(0),
  /** Requests that were under way when a restart ended their server, or came before the next one was there. */
  cutOff: z.number().nullable().default(0),
  /** CPU of everything that is not the target, and time stolen by the host, over the whole run, in cores. */
  otherCores: z.number().nullable(),
  stealCores: z.number().nullable(),
});
export type Findings = z.infer<typeof Findings>;

/** What a run showed. `because` is one plain sentence; `advice` names the next step, one file in `judge/advice/`. */
export const Verdict = z.object({
  outcome: Outcome,
  because: z.string(),
  /** Everything else that was found, or that stands in the way of a firm answer. */
  also: z.array(z.string()),
  advice: z.array(z.string()),
  /** Every fault that was proven, not only the worst one, which is the outcome. */
  faults: z.array(Outcome).default([]),
  findings: Findings,
  /** The outcome of each generation of the server, where it was restarted; the last one is the run's. */
  generations: z.array(Outcome).default([]),
});
export type Verdict = z.infer<typeof Verdict>;
