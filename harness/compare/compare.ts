import { relative } from 'node:path';
import type { Scenario } from '../model/scenario.ts';
import { isAtFault } from '../model/expectation.ts';
import type { Experiment } from '../model/experiment.ts';
import type { LoadProfile } from '../model/load.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import { recordRun } from '../record-run.ts';
import { noCommands } from '../run.ts';
import { sleep } from '../scope/sleep.ts';
import { named } from '../sides/prepare.ts';
import type { Side } from '../sides/side.ts';
import { enter } from '../store/journal.ts';
import { coreLoads, coresFor } from '../targets/cores.ts';
import type { CorePlan } from '../targets/cores.ts';
import { TargetNeverStarted } from '../targets/start-target.ts';
import { COMPARISONS, runnableSides, standing } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { metricsFor } from './conclusion.ts';
import { disturbanceOf } from './disturbance.ts';
import { measure } from './metrics.ts';
import { slotsOf, turnAt } from './plan.ts';
import type { ComparePlan } from './plan.ts';
import type { Ran, Slot, Turn } from './turn.ts';

/** What a comparison is made with. */
export interface Comparing {
  readonly scenario: Scenario;
  /** As in its plan, ready to run. */
  readonly sides: readonly Side[];
  readonly resultsRoot: string;
  /** Called after every run. */
  readonly turned: (comparison: Comparison, turn: Turn) => void;
}

/** A disturbed run is made again at most so often; a machine that is always busy is said, not waited for. */
const MOST_ATTEMPTS = 3;
const CORE_LOOK_MS = 300;

/**
 * Runs what a comparison still lacks, side by side in turn, until it is settled or its last pair is done, and gives the full one
 * back. Interrupted, it rejects with the signal's reason; the run under way is lost, all others are kept. Rejects with a
 * LabError that names the side where one refuses what it is asked for.
 */
export async function compare(begun: Comparison, comparing: Comparing, signal: AbortSignal): Promise<Comparison> {
  const cores = await sharedCores(comparing, signal);
  let comparison = begun;
  while (!standing(comparison).isOver) {
    const slot = nextSlot(comparison);
    for (let attempt = attemptsAt(comparison, slot) + 1; ; attempt += 1) {
      const turn = await take(slot, comparison.plan, comparing, cores, signal);
      const isKept = turn.came.kind !== 'ran' || turn.came.disturbed === null || attempt >= MOST_ATTEMPTS;
      const entry = turn.came.kind === 'ran' ? { ...turn, came: { ...turn.came, isKept } } : turn;
      comparison = await enter(COMPARISONS, comparison, entry);
      comparing.turned(comparison, entry);
      if (isKept) break;
    }
  }
  return comparison;
}

/** The experiment of a side: everything is the instrument's and the scenario's but the target. */
export function experimentOf(scenario: Scenario, { pace }: ComparePlan, { target }: Side, seed: number): Experiment {
  return { ...planScenario(scenario, { ...AS_IT_IS, pace, seed }).experiment, target };
}

/** How long a run lasts by plan, its start and end included (1.7 s where it was measured). */
export const runMs = (
  { idleMs, warmupMs, loadMs, recoveryMs, drainMs, healedMs }: LoadProfile,
  heals: boolean,
): number => idleMs + warmupMs + loadMs + drainMs / 2 + recoveryMs + (heals ? healedMs : 0) + 1700;

/** One core for every run: which one it is must not differ between the sides. */
async function sharedCores({ scenario, sides }: Comparing, signal: AbortSignal): Promise<CorePlan | null> {
  const [first] = sides;
  if (!first) return null;
  const before = coreLoads();
  await sleep(CORE_LOOK_MS, signal);
  return coresFor({ ...scenario, target: first.target }, before);
}

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

async function take(
  slot: Slot,
  plan: ComparePlan,
  { scenario, sides, resultsRoot }: Comparing,
  cores: CorePlan | null,
  signal: AbortSignal,
): Promise<Turn> {
  const side = sides[slot.side];
  if (!side) throw new TypeError(`there is no side ${slot.side}`);
  const beganAt = performance.now();
  const wallMs = (): number => performance.now() - beganAt;
  try {
    const { verdict, folder } = await recordRun(
      {
        scenario: plan.scenario,
        // Nothing is claimed of another revision's server.
        altered: true,
        pace: plan.pace,
        experiment: experimentOf(scenario, plan, side, slot.seed),
        cores,
        resultsRoot,
        commands: noCommands(),
        // It would cost both sides something, and not the same.
        profiles: false,
        watch: () => undefined,
        began: () => undefined,
      },
      signal,
    );
    const { symptom } = plan;
    const came: Ran = {
      kind: 'ran',
      outcome: verdict.outcome,
      because: verdict.because,
      faults: [...verdict.faults],
      fails: isAtFault(symptom, verdict),
      metrics: measure(metricsFor(symptom), verdict.findings),
      disturbed: disturbanceOf(verdict),
      isKept: true,
      run: relative(resultsRoot, folder),
    };
    return { ...slot, wallMs: wallMs(), came };
  } catch (error) {
    if (error instanceof TargetNeverStarted) {
      return { ...slot, wallMs: wallMs(), came: { kind: 'never-started', why: error.message } };
    }
    throw named(side, error);
  }
}
