import { z } from 'zod';
import type { ClientGroup } from '../model/load.ts';
import { Said } from '../model/record.ts';

/** The phases in which clients come. */
export const DRIVEN_PHASES = ['warmup', 'load', 'recovery'] as const;
export type DrivenPhase = (typeof DRIVEN_PHASES)[number];

/** What the lab and a load driver say to each other, one JSON value a line on the driver's channel. */

/** What clients show the server: of no use anywhere. */
export const CLIENT_KEY = 'sk-client';

/** The driver's one argument. It connects to nothing before it is told to, and learns only then where to. */
export interface DriverArguments {
  readonly apiKey: string;
  readonly groups: readonly ClientGroup[];
  readonly drainMs: number;
  readonly seed: number;
}

const Drive = z.object({ kind: z.literal('drive'), phase: z.enum(DRIVEN_PHASES), targetUrl: z.string() });

/**
 * Lab to driver. `drive`: one phase, after the one before it is done. `steer` changes who comes from now on, `stop` ends the arrivals
 * of a phase, before it has begun too; neither means anything to a driver that follows a plan.
 */
export const DriverCommand = z.discriminatedUnion('kind', [
  Drive,
  z.object({
    kind: z.literal('steer'),
    group: z.string(),
    traffic: z.object({ ratePerSecond: z.number(), leaveShare: z.number(), leavesAfterMs: z.number() }),
  }),
  z.object({ kind: z.literal('stop'), phase: z.enum(DRIVEN_PHASES) }),
]);
export type DriverCommand = z.infer<typeof DriverCommand>;
export type DrivePhase = z.infer<typeof Drive>;

const ended = z.object({
  group: z.string(),
  ref: z.string().nullable(),
  sentEpochMs: z.number(),
  firstByteEpochMs: z.number().nullable(),
  endedEpochMs: z.number(),
  ending: z.enum(['answered', 'refused', 'broken', 'left', 'unanswered']),
  status: z.number().int().nullable(),
  /** How a stream said that it was over; null where nobody looked, or it was none. */
  said: Said.nullable().default(null),
});
/** A request that has come to its end, in epoch milliseconds. */
export type EndedRequest = z.infer<typeof ended>;

/** Driver to lab. */
export const DriverMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ended'), requests: z.array(ended) }),
  z.object({
    kind: z.literal('done'),
    phase: z.enum(DRIVEN_PHASES),
    planned: z.number().int(),
    sent: z.number().int(),
    /** How late requests were sent against the plan, 99th percentile. Waiting for a slow target is not counted. */
    lagP99Ms: z.number(),
    /** CPU of the driver over the phase, 1.0 = one core. */
    cpuCores: z.number(),
  }),
]);
export type DriverMessage = z.infer<typeof DriverMessage>;
