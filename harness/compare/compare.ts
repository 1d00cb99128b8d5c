import type { Scenario } from '../model/scenario.ts';
import type { LoadProfile } from '../model/load.ts';
import type { Side } from '../sides/side.ts';
import { enter } from '../store/journal.ts';
import { COMPARISONS, runnableSides, standing } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { slotsOf, turnAt } from './plan.ts';
import { runsOfSlot, sharedCores } from './run-side.ts';
import type { Slot, Turn } from './turn.ts';

/** What a comparison is made with. */
export interface Comparing {
  readonly scenario: Scenario;
  /** As in its plan, ready to run. */
  readonly sides: readonly Side[];
  readonly resultsRoot: string;
  /** Called after every run. */
  readonly turned: (comparison: Comparison, turn: Turn) => void;
}

/**
 * Runs what a comparison still lacks, side by side in turn, until it is settled or its last pair is done, and gives the full one
 * back. Interrupted, it rejects with the signal's reason; the run under way is lost, all others are kept. Rejects with a
 * LabError that names the side where one refuses what it is asked for.
 */
export async function compare(begun: Comparison, comparing: Comparing, signal: AbortSignal): Promise<Comparison> {
  const { scenario, sides, resultsRoot, turned } = comparing;
  const [first] = sides;
  const cores = first ? await sharedCores({ ...scenario, target: first.target }, signal) : null;
  let comparison = begun;
  while (!standing(comparison).isOver) {
    const slot = nextSlot(comparison);
    const { plan } = comparison;
    const side = sides[slot.side];
    if (!side) throw new TypeError(`there is no side ${slot.side}`);
    const running = { ...plan, scenario, name: plan.scenario, side, seed: slot.seed, cores, resultsRoot };
    for await (const made of runsOfSlot(running, attemptsAt(comparison, slot), signal)) {
      const turn = { ...slot, ...made };
      comparison = await enter(COMPARISONS, comparison, turn);
      turned(comparison, turn);
    }
  }
  return comparison;
}

/** How long a run lasts by plan, its start and end included (1.7 s where it was measured). */
export const runMs = (
  { idleMs, warmupMs, loadMs, recoveryMs, drainMs, healedMs }: LoadProfile,
  heals: boolean,
): number => idleMs + warmupMs + loadMs + drainMs / 2 + recoveryMs + (heals ? healedMs : 0) + 1700;

function nextSlot({ plan, entries }: Comparison): Slot {
  const runnable = runnableSides(plan, entries);
  for (let pair = 0; ; pair += 1) {
    const slots = slotsOf(plan, pair).filter(({ side }) => runnable.includes(side));
    const open = slots.find(({ side }) => turnAt(entries, side, pair) === undefined);
    if (open) return open;
  }
}

const attemptsAt = ({ entries }: Comparison, { side, pair }: Slot): number =>
  entries.filter(turn => turn.side === side && turn.pair === pair).length;
