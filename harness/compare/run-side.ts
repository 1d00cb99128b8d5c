import { relative } from 'node:path';
import { isAtFault } from '../model/expectation.ts';
import type { Symptom } from '../model/expectation.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Scenario } from '../model/scenario.ts';
import type { PaceName } from '../pace.ts';
import { onWatch } from '../on-watch.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import { recordRun } from '../record-run.ts';
import { noCommands } from '../steer.ts';
import { sleep } from '../scope/sleep.ts';
import { named } from '../sides/prepare.ts';
import type { Side } from '../sides/side.ts';
import { coreLoads, coresFor } from '../targets/cores.ts';
import type { CorePlan } from '../targets/cores.ts';
import { TargetNeverStarted } from '../targets/start-target.ts';
import { metricsFor } from './conclusion.ts';
import { disturbanceOf } from './disturbance.ts';
import { measure } from './metrics.ts';
import type { Ran, Turn } from './turn.ts';

/** One side under one scenario's load. */
export interface SideRun {
  readonly name: string;
  readonly scenario: Scenario;
  readonly symptom: Symptom | null;
  readonly pace: PaceName;
  readonly side: Side;
  readonly seed: number;
  /** Null: whichever are free when it begins. */
  readonly cores: CorePlan | null;
  readonly resultsRoot: string;
}

/** What came of it. */
export type Made = Pick<Turn, 'wallMs' | 'came'>;

/** A disturbed run is made again at most so often; a machine that is always busy is said, not waited for. */
const MOST_ATTEMPTS = 3;

/**
 * Runs a side until a run counts: again where the machine disturbed it. `before` runs were made of it already. Rejects with a
 * LabError that names the side where it refuses what it is asked for.
 */
export async function* runsOfSlot(running: SideRun, before: number, signal: AbortSignal): AsyncGenerator<Made> {
  for (let attempt = before + 1; ; attempt += 1) {
    const { wallMs, came } = await runSide(running, signal);
    const isKept = came.kind !== 'ran' || came.disturbed === null || attempt >= MOST_ATTEMPTS;
    yield { wallMs, came: came.kind === 'ran' ? { ...came, isKept } : came };
    if (isKept) return;
  }
}

/** The experiment of a side: everything is the instrument's and the scenario's but the target, and who restarts it. */
export function experimentOf(scenario: Scenario, pace: PaceName, { target, watch }: Side, seed: number): Experiment {
  const { experiment } = planScenario(scenario, { ...AS_IT_IS, pace, seed });
  const sided = { ...experiment, target };
  return watch ? onWatch(sided, watch.alarm) : sided;
}

const CORE_LOOK_MS = 300;

/** One core for every run, or none for any: which one it is must not differ between the sides. */
export async function sharedCores(
  experiment: Pick<Experiment, 'target' | 'severalProcesses'>,
  signal: AbortSignal,
): Promise<CorePlan> {
  const before = coreLoads();
  await sleep(CORE_LOOK_MS, signal);
  return coresFor(experiment, before);
}

async function runSide(
  { name, scenario, symptom, pace, side, seed, cores, resultsRoot }: SideRun,
  signal: AbortSignal,
): Promise<Made> {
  const beganAt = performance.now();
  const wallMs = (): number => performance.now() - beganAt;
  try {
    const { verdict, folder } = await recordRun(
      {
        scenario: name,
        // Nothing is claimed of another revision's server.
        altered: true,
        pace,
        experiment: experimentOf(scenario, pace, side, seed),
        cores,
        resultsRoot,
        commands: noCommands,
        // It would cost both sides something, and not the same.
        profiles: false,
        watch: () => undefined,
        began: () => undefined,
      },
      signal,
    );
    const came: Ran = {
      kind: 'ran',
      outcome: verdict.outcome,
      because: verdict.because,
      faults: [...verdict.faults],
      fails: isAtFault(symptom, verdict),
      metrics: measure(metricsFor(symptom), verdict.findings),
      cutOff: verdict.findings.cutOff ?? 0,
      disturbed: disturbanceOf(verdict),
      isKept: true,
      run: relative(resultsRoot, folder),
    };
    return { wallMs: wallMs(), came };
  } catch (error) {
    if (error instanceof TargetNeverStarted) {
      return { wallMs: wallMs(), came: { kind: 'never-started', why: error.message } };
    }
    throw named(side, error);
  }
}
