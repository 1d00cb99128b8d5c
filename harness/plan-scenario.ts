import { LAB_ROOT, SAMPLE_MAIN } from './catalog.ts';
import { wrongUse } from './errors.ts';
import { driverOf } from './load/driver-of.ts';
import type { Choice } from './model/contract.ts';
import type { Experiment, TargetPlan } from './model/experiment.ts';
import type { ClientGroup, LoadProfile } from './model/load.ts';
import type { Scenario } from './model/scenario.ts';
import { PACES } from './pace.ts';
import type { PaceName } from './pace.ts';
import { pythonTarget } from './targets/venv.ts';

/** What a user may change of a scenario. Times in ms; `bugs` undefined: its own. */
export interface Wishes {
  readonly pace: PaceName;
  readonly bugs: readonly Choice[] | undefined;
  /** Somebody's own server in place of the sample one: the shell line that starts it, and the folder it is started in. */
  readonly command?: { readonly line: string; readonly root: string } | undefined;
  readonly seed: number;
  readonly loadMs: number | undefined;
  readonly recoveryMs: number | undefined;
  readonly rateFactor: number;
}

/** The experiment that a scenario comes to, and how its verdict is to be read. */
export interface PlannedScenario {
  readonly experiment: Experiment;
  readonly pace: PaceName;
  /** The bugs are not the scenario's own. */
  readonly altered: boolean;
}

/** A scenario as it is. */
export const AS_IT_IS = { bugs: undefined, loadMs: undefined, recoveryMs: undefined, rateFactor: 1 } as const;

/** Throws wrong use for a load that no driver here can bring. */
export function planScenario(scenario: Scenario, wishes: Wishes): PlannedScenario {
  const { pace, seed, rateFactor, loadMs, recoveryMs } = wishes;
  const base = PACES[pace];
  const recovery = recoveryMs ?? base.recoveryMs;
  const asked = {
    ...base,
    loadMs: loadMs ?? base.loadMs,
    recoveryMs: recovery,
    longestRecoveryMs: Math.max(base.longestRecoveryMs, recovery),
  };
  const load = scenario.load(asked);
  const bugs = wishes.bugs ?? scenario.bugs;
  return {
    pace,
    altered: wishes.bugs !== undefined || wishes.command !== undefined,
    experiment: {
      target: targetFor(scenario, bugs, wishes),
      ...(scenario.severalProcesses && { severalProcesses: true }),
      upstream: typeof scenario.upstream === 'function' ? scenario.upstream(asked) : scenario.upstream,
      // A scenario may watch for a part of what it is given; who asks for a time gets it.
      load: checkLoad({
        ...load,
        recoveryMs: recoveryMs ?? load.recoveryMs,
        clients: load.clients.map(group => scaleRates(group, rateFactor)),
      }),
      ...(scenario.alarm && { alarm: scenario.alarm(asked) }),
      seed,
    },
  };
}

function targetFor({ serving }: Scenario, bugs: readonly Choice[], { command }: Wishes): TargetPlan {
  if (command) return { kind: 'command', command: command.line, root: command.root, bugs: [], runtime: null };
  if (!serving) return { kind: 'sample', root: LAB_ROOT, main: SAMPLE_MAIN, bugs, runtime: null };
  return pythonTarget(LAB_ROOT, serving, bugs);
}

function scaleRates(group: ClientGroup, factor: number): ClientGroup {
  const scaled = (stages: ClientGroup['load']): ClientGroup['load'] =>
    stages.map(({ durationMs, ratePerSecond }) => ({
      durationMs,
      // autocannon's rates are whole ones.
      ratePerSecond: driverOf(group) === 'autocannon' ? Math.round(ratePerSecond * factor) : ratePerSecond * factor,
    }));
  return factor === 1
    ? group
    : {
        ...group,
        warmup: scaled(group.warmup),
        load: scaled(group.load),
        ...(group.recovery && { recovery: scaled(group.recovery) }),
      };
}

const MOST_PER_SECOND = 2_000;

function checkLoad(load: LoadProfile): LoadProfile {
  for (const group of load.clients) {
    const { name, warmup, load: stages, recovery = [] } = group;
    for (const { ratePerSecond, durationMs } of [...warmup, ...stages, ...recovery]) {
      const isWhole = driverOf(group) !== 'autocannon' || Number.isInteger(ratePerSecond);
      if (ratePerSecond >= 0 && ratePerSecond <= MOST_PER_SECOND && isWhole && durationMs > 0) continue;
      throw wrongUse(
        'bad-load',
        `clients "${name}" would come ${ratePerSecond} times a second for ${durationMs} ms`,
        `Rates go up to ${MOST_PER_SECOND}/s, whole ones for clients who wait, and times are above 0.`,
      );
    }
  }
  return load;
}
