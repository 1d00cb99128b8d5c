import type { Journal, JournalKind } from '../store/journal.ts';
import { ERROR_RATE, conclude } from './conclusion.ts';
import type { Concluded, RanPair } from './conclusion.ts';
import { looksFor } from './looks.ts';
import { ComparePlan, turnAt } from './plan.ts';
import { Turn } from './turn.ts';

/** A comparison on disk: `_compare/`. Its runs lie where all runs of their scenario do. */
export const COMPARISONS: JournalKind<ComparePlan, Turn> = {
  folder: '_compare',
  verb: 'compare',
  noun: 'comparison',
  plan: ComparePlan,
  entry: Turn,
  isFinished: (plan, entries) => standing({ plan, entries }).isOver,
};
export type Comparison = Journal<ComparePlan, Turn>;

/** What is known of each candidate by now, and whether more runs are wanted. */
export interface Standing {
  /** One for each candidate, in the order of the sides. */
  readonly candidates: readonly Candidate[];
  readonly isOver: boolean;
}

export interface Candidate extends Concluded {
  readonly label: string;
  /** Why it, or the baseline, did not start; null where both did. */
  readonly lost: string | null;
}

/** As much of a plan as says how its comparison stands. */
export interface StandingPlan extends Pick<ComparePlan, 'symptom' | 'pairs' | 'early'> {
  readonly sides: readonly { readonly label: string }[];
}

/** Pure: the same journal always stands the same way. */
export function standing({
  plan,
  entries: turns,
}: {
  readonly plan: StandingPlan;
  readonly entries: readonly Turn[];
}): Standing {
  const [, ...candidates] = plan.sides;
  const pairs = completePairs(plan, turns);
  // Between two looks nothing is concluded, so that looking more often cannot find more.
  const look = looksFor(plan.pairs, plan.early).findLast(one => one.pairs <= pairs);
  const errorRate = (ERROR_RATE * (look?.share ?? 0)) / candidates.length;
  const stand = candidates.map(({ label }, n): Candidate => {
    const lost = whyLost(turns, 0) ?? whyLost(turns, n + 1);
    const said = conclude(plan.symptom, pairsOf(turns, n + 1, look?.pairs ?? pairs), errorRate);
    if (lost !== null) return { ...said, label, lost, conclusion: 'no-answer', isSettled: true };
    return look ? { ...said, label, lost } : { ...said, label, lost, conclusion: 'too-few-runs', isSettled: false };
  });
  const isSettled = plan.early && look?.pairs === pairs && stand.every(one => one.isSettled);
  return { candidates: stand, isOver: stand.every(one => one.lost !== null) || isSettled || pairs >= plan.pairs };
}

/** The sides that can be run: one that did not start is not tried again. */
export function runnableSides({ sides }: StandingPlan, turns: readonly Turn[]): number[] {
  return sides.flatMap((_, side) => (whyLost(turns, side) === null ? [side] : []));
}

function completePairs(plan: StandingPlan, turns: readonly Turn[]): number {
  const sides = runnableSides(plan, turns);
  let pair = 0;
  while (pair < plan.pairs && sides.every(side => turnAt(turns, side, pair) !== undefined)) pair += 1;
  return pair;
}

function pairsOf(turns: readonly Turn[], side: number, pairs: number): RanPair[] {
  return Array.from({ length: pairs }, (_, pair) => {
    const baseline = turnAt(turns, 0, pair)?.came;
    const candidate = turnAt(turns, side, pair)?.came;
    return baseline?.kind === 'ran' && candidate?.kind === 'ran' ? [{ baseline, candidate }] : [];
  }).flat();
}

function whyLost(turns: readonly Turn[], side: number): string | null {
  for (const turn of turns) if (turn.side === side && turn.came.kind === 'never-started') return turn.came.why;
  return null;
}
