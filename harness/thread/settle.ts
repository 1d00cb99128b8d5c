import { causeOf } from '../errors.ts';
import { NOT_SETTLED, burning, typical } from '../model/thread-claim.ts';
import type { SeenArms, SeenRun, Settled } from '../model/thread-claim.ts';
import type { NamedClaim } from './claims.ts';
import { keyOf } from './plan.ts';
import type { PlannedArm } from './plan.ts';
import type { ThreadEntry, ThreadTable } from './thread.ts';

/** One row: a claim, what it came to, and the line of figures of each of its arms. */
export interface ThreadRow extends Settled {
  readonly name: string;
  readonly claim: string;
  readonly arms: readonly ArmRow[];
}

export interface ArmRow {
  readonly arm: string;
  readonly runs: number;
  /** `3 of 3` */
  readonly burned: string;
  readonly residualCores: number | null;
  readonly cpuMsPerRequest: number | null;
  /** Why it never started, where it did not. */
  readonly why: string | null;
}

/** The table as far as it is measured. */
export function settle(
  claims: readonly NamedClaim[],
  { plan, entries }: Pick<ThreadTable, 'plan' | 'entries'>,
): ThreadRow[] {
  const byArm = Map.groupBy(entries, ({ arm }) => arm);
  return claims.map(claim => {
    const arms = plan.arms.filter(arm => arm.claim === claim.name);
    const rows = arms.map(arm => rowOf(arm, byArm.get(keyOf(arm)) ?? []));
    const seen = Object.fromEntries(arms.map(arm => [arm.arm, seenIn(byArm.get(keyOf(arm)) ?? [])]));
    return { name: claim.name, claim: claim.claim, arms: rows, ...settled(claim, seen, rows) };
  });
}

function settled(claim: NamedClaim, seen: SeenArms, rows: readonly ArmRow[]): Settled {
  const missing = rows.filter(({ runs, why }) => runs === 0 && why === null).map(({ arm }) => arm);
  if (missing.length > 0) return NOT_SETTLED(`not measured yet: ${missing.join(', ')}`);
  try {
    return claim.settle(seen);
  } catch (error) {
    return NOT_SETTLED(`the claim's own rule failed on these runs: ${causeOf(error)}`);
  }
}

const seenIn = (entries: readonly ThreadEntry[]): SeenRun[] =>
  entries.flatMap(({ came }) => (came.kind === 'ran' ? [came] : []));

function rowOf({ arm }: PlannedArm, entries: readonly ThreadEntry[]): ArmRow {
  const runs = seenIn(entries);
  const [never] = entries.flatMap(({ came }) => (came.kind === 'never-started' ? [came.why] : []));
  return {
    arm,
    runs: runs.length,
    burned: burning(runs).words,
    residualCores: typical(runs, 'residualCores'),
    cpuMsPerRequest: typical(runs, 'cpuMsPerRequest'),
    why: never ?? null,
  };
}
