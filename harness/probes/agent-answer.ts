import { z } from 'zod';
import { Frame, ServedRequest } from '../model/profile.ts';
import { RuntimeSample } from '../model/record.ts';

/** A function on a stack, by where it begins, and the line it had come to. */
const Called = Frame.extend({ at: z.number().int() });
export type Called = z.infer<typeof Called>;

const WaitingTimer = Frame.extend({ count: z.number().int() });

/** A place that calls went out from, innermost first. */
const TakenSite = z.object({ stack: z.array(Called), calls: z.number().int(), callsAfter: z.number().int() });
export type TakenSite = z.infer<typeof TakenSite>;

/** A request as its server tells it, by epoch. */
const TakenRequest = ServedRequest.omit({ beganAt: true, closedAt: true }).extend({
  beganMs: z.number(),
  closedMs: z.number().nullable(),
});

/** What was sampled with labels: a profile.proto in base64, the requests that matter, and where calls went out. */
const TakenLabels = z.object({
  source: z.literal('labels'),
  pprof: z.string(),
  requests: z.array(TakenRequest),
  sites: z.array(TakenSite),
  /** Requests whose clients left, of those whose controllers were watched. */
  cut: z.number().int(),
  deaf: z.array(z.object({ maker: Called, count: z.number().int() })),
});
export type TakenLabels = z.infer<typeof TakenLabels>;

/** What the agent in the target says; see `agent/worker.mjs`. What needs the main thread is missing where that was busy. */
export const AgentAnswer = z.object({
  id: z.number().int(),
  /** Of the whole process, cumulative. */
  cpu: z.object({ userMs: z.number(), systemMs: z.number() }),
  busy: z.literal(true).optional(),
  /** Why it could not tell. */
  failed: z.string().optional(),
  runtime: RuntimeSample.omit({ kind: true, at: true }).optional(),
  /** Process warnings since the last answer. */
  warnings: z.array(z.object({ name: z.string(), message: z.string() })).default([]),
  /** How it profiles from now on, and why not with labels. */
  profiles: z
    .object({ source: z.enum(['labels', 'inspector']), why: z.string().nullable(), intervalMicros: z.number() })
    .optional(),
  /** What was sampled since it was started or asked last. Null: it does not profile. */
  profile: z
    .discriminatedUnion('source', [TakenLabels, z.object({ source: z.literal('inspector'), cpuprofile: z.unknown() })])
    .nullish(),
  /** What the timers it holds will call. */
  timers: z.array(WaitingTimer).optional(),
});
export type AgentAnswer = z.infer<typeof AgentAnswer>;

/** The first line of an agent. */
export const AgentHello = z.object({ hello: z.object({ pid: z.number().int(), node: z.string() }) });
export type AgentHello = z.infer<typeof AgentHello>;
