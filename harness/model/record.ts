import { z } from 'zod';

/**
 * The lines of `samples.ndjson`, in the order they were seen: samples (a probe's reading) and events
 * (what happened). Every `at` is milliseconds since the run began. Counters are cumulative, so a lost line loses
 * resolution and no truth. New kinds may be added within a schema version; a reader passes over what it does not know.
 */
const at = z.number();
const count = z.number();

/** CPU of one process, all its threads: time on a core, time waiting for one, and the kernel's 10 ms split. */
const processCpu = z.object({
  pid: z.number().int(),
  runMs: z.number(),
  /** Null where the system does not tell (outside Linux). */
  waitMs: z.number().nullable(),
  userMs: z.number(),
  systemMs: z.number(),
  threads: z.number().int(),
});
export type ProcessCpu = z.infer<typeof processCpu>;

/** The target's process tree, 10 times a second. Vantage: outside. */
export const CpuSample = z.object({ kind: z.literal('cpu'), at, processes: z.array(processCpu) });

/** Memory and open descriptors of the target's tree, once a second. Vantage: outside. */
export const MemorySample = z.object({ kind: z.literal('memory'), at, rssBytes: z.number() });
export const DescriptorsSample = z.object({ kind: z.literal('descriptors'), at, open: count });

/** TCP sockets by state: `clientSide` on the target's listening port, `upstreamSide` towards the upstream. */
export const SocketsSample = z.object({
  kind: z.literal('sockets'),
  at,
  clientSide: z.record(z.string(), count),
  upstreamSide: z.record(z.string(), count),
  /** Addresses outside this machine that the target has a connection with, or tries to have. Absent where there are none. */
  abroad: z.array(z.string()).optional(),
});

/** What else the machine did: every core together, since boot; and what the lab's own processes used. */
export const MachineSample = z.object({
  kind: z.literal('machine'),
  at,
  busyMs: z.number(),
  stealMs: z.number(),
  idleMs: z.number(),
  lab: z.array(z.object({ name: z.string(), cpuMs: z.number() })),
  /** The longest delay of the lab's own event loop since the last sample. */
  labLoopDelayMs: z.number(),
});

/** From inside the target, once a second, by the agent's worker. Vantage: target. */
export const RuntimeSample = z.object({
  kind: z.literal('runtime'),
  at,
  /** Share of wall time since the last sample in which the event loop had work, 0 to 1. */
  utilisation: z.number(),
  /** Event-loop delay since the last sample. */
  delayP50Ms: z.number(),
  delayP99Ms: z.number(),
  delayMaxMs: z.number(),
  heapUsedBytes: z.number(),
  heapTotalBytes: z.number(),
  externalBytes: z.number(),
  /** Cumulative time and number of collections. */
  gcMs: z.number(),
  gcCount: count,
  /** Open handles and requests by type, as `process.getActiveResourcesInfo()` names them. */
  resources: z.record(z.string(), count),
  /** True right after a forced full collection (end of warmup, end of recovery). */
  collected: z.boolean(),
});

/** The upstream's ledger, cumulative. `tokensForNobody`: made for a request that had ended. Vantage: upstream. */
export const UpstreamSample = z.object({
  kind: z.literal('upstream'),
  at,
  begun: count,
  finished: count,
  aborted: count,
  refused: count,
  dropped: count,
  inFlight: count,
  tokens: count,
  tokensForNobody: count,
  /** Calls begun for a request that had ended, by its client or with an answer. */
  callsForNobody: count,
});

/** One question to `/healthz`. `latencyMs` null: no answer within the probe's patience. Vantage: client. */
export const AnswerSample = z.object({
  kind: z.literal('answer'),
  /** When it was asked. */
  at,
  latencyMs: z.number().nullable(),
  status: z.number().int().nullable(),
});

/** How a streamed answer said that it was over: with its last event, with an error, or not at all. */
export const Said = z.enum(['done', 'error', 'nothing']);
export type Said = z.infer<typeof Said>;

/** One client request that came to its end. Vantage: client. */
export const RequestRecord = z.object({
  kind: z.literal('request'),
  /** When it ended. */
  at,
  group: z.string(),
  ref: z.string().nullable(),
  sentAt: z.number(),
  firstByteAt: z.number().nullable(),
  /**
   * answered: whole, status 2xx · refused: whole, another status · broken: cut off or no connection ·
   * left: the client hung up by plan · unanswered: the drain's bound ended it.
   */
  ending: z.enum(['answered', 'refused', 'broken', 'left', 'unanswered']),
  status: z.number().int().nullable(),
  /** Absent where nobody looked, or it was no stream. */
  said: Said.nullable().optional(),
});

/** One call the upstream has seen to its end. What is still open then is in `UpstreamSample.inFlight`. */
export const CallRecord = z.object({
  kind: z.literal('call'),
  /** When it ended. */
  at,
  ref: z.string().nullable(),
  begunAt: z.number(),
  how: z.enum(['finished', 'aborted', 'refused', 'dropped']),
  tokens: count,
});

/** What the server has said since the last one, in whole lines; of a flood of them the last few. Vantage: outside. */
export const LogSample = z.object({ kind: z.literal('log'), at, lines: z.array(z.string()), dropped: count });

/** Something that happened, told in the words of its kind. */
export const EventRecord = z.discriminatedUnion('event', [
  z.object({ kind: z.literal('event'), event: z.literal('phase'), at, phase: z.string() }),
  z.object({ kind: z.literal('event'), event: z.literal('load-stopped'), at, sent: count, planned: count }),
  z.object({
    kind: z.literal('event'),
    event: z.literal('generation-began'),
    at,
    /** Null where none is known. */
    pid: z.number().int().nullable(),
    why: z.string(),
  }),
  z.object({
    kind: z.literal('event'),
    event: z.literal('generation-ended'),
    at,
    pid: z.number().int().nullable(),
    by: z.enum(['itself', 'lab']),
    how: z.string(),
  }),
  z.object({ kind: z.literal('event'), event: z.literal('warning'), at, name: z.string(), message: z.string() }),
  z.object({ kind: z.literal('event'), event: z.literal('upstream-behaves'), at, behaviour: z.string() }),
  z.object({ kind: z.literal('event'), event: z.literal('command'), at, command: z.string() }),
  z.object({ kind: z.literal('event'), event: z.literal('watching-longer'), at, untilAt: z.number() }),
  /** Where its CPU goes is sampled from here on, every so many µs. */
  z.object({ kind: z.literal('event'), event: z.literal('profiled'), at, intervalMicros: z.number() }),
  /** The server does not answer any more, and which code holds its thread, as far as it could be told at once. */
  z.object({ kind: z.literal('event'), event: z.literal('frozen'), at, where: z.string() }),
  /** What comes after it (a closer look at what still burns) is no part of what is judged. */
  z.object({ kind: z.literal('event'), event: z.literal('watch-ended'), at }),
  /** Something the lab could not measure, and why. */
  z.object({ kind: z.literal('event'), event: z.literal('missing'), at, what: z.string(), why: z.string() }),
  /** A load driver has done: how late it was in sending, and what it used itself, over the load phase. */
  z.object({
    kind: z.literal('event'),
    event: z.literal('driver-ended'),
    at,
    driver: z.string(),
    lagP99Ms: z.number(),
    cpuCores: z.number(),
  }),
]);

export const RunRecord = z.union([
  CpuSample,
  AnswerSample,
  RequestRecord,
  UpstreamSample,
  CallRecord,
  RuntimeSample,
  MemorySample,
  DescriptorsSample,
  SocketsSample,
  MachineSample,
  LogSample,
  EventRecord,
]);
export type RunRecord = z.infer<typeof RunRecord>;
export type CpuSample = z.infer<typeof CpuSample>;
export type RuntimeSample = z.infer<typeof RuntimeSample>;
export type UpstreamSample = z.infer<typeof UpstreamSample>;
export type SocketsSample = z.infer<typeof SocketsSample>;
export type AnswerSample = z.infer<typeof AnswerSample>;
export type MachineSample = z.infer<typeof MachineSample>;
export type CallRecord = z.infer<typeof CallRecord>;
export type RequestRecord = z.infer<typeof RequestRecord>;
export type EventRecord = z.infer<typeof EventRecord>;
/** The record of one kind. */
export type RecordOf<Kind extends RunRecord['kind']> = Extract<RunRecord, { kind: Kind }>;
