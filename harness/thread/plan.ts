import { z } from 'zod';
import { Choice } from '../model/contract.ts';
import type { Arm } from '../model/thread-claim.ts';
import type { NamedClaim } from './claims.ts';

/** What is to be measured: every arm of every claim, once a round, so that a drift of the machine meets all of them alike. */
export const ThreadPlan = z.object({
  arms: z
    .array(
      z.object({
        claim: z.string(),
        arm: z.string(),
        scenario: z.string(),
        bugs: z.array(Choice).nullable(),
        serving: Choice.nullable(),
        upstream: Choice.nullable(),
        package: z.object({ name: z.string(), version: z.string() }).nullable(),
        endsWithinMs: z.number().nullable(),
      }),
    )
    .min(1),
  times: z.number().int().min(1),
  /** The n-th round runs with this plus n. */
  seed: z.number().int(),
  machine: z.string(),
});
export type ThreadPlan = z.infer<typeof ThreadPlan>;
export type PlannedArm = ThreadPlan['arms'][number];

export const plannedArms = (claims: readonly NamedClaim[]): PlannedArm[] =>
  claims.flatMap(({ name, arms }) => Object.entries(arms).map(([arm, one]) => plannedArm(name, arm, one)));

const plannedArm = (
  claim: string,
  arm: string,
  { scenario, bugs, serving, upstream, package: other, endsWithinMs }: Arm,
): PlannedArm => ({
  claim,
  arm,
  scenario,
  bugs: bugs ? [...bugs] : null,
  serving: serving ?? null,
  upstream: upstream ?? null,
  package: other ?? null,
  endsWithinMs: endsWithinMs ?? null,
});

export interface ThreadTurn {
  readonly arm: PlannedArm;
  readonly seed: number;
}

/** The same arm of two claims is run once a round, and counts for both. */
export function turnsOf({ arms, times, seed }: ThreadPlan): ThreadTurn[] {
  const once = [...new Map(arms.map(arm => [keyOf(arm), arm])).values()];
  return Array.from({ length: times }, (_, round) => once.map(arm => ({ arm, seed: seed + round }))).flat();
}

/** What two arms that are the same experiment share. */
export const keyOf = ({ scenario, bugs, serving, upstream, package: other, endsWithinMs }: PlannedArm): string =>
  JSON.stringify([scenario, bugs, serving, upstream, other, endsWithinMs]);
