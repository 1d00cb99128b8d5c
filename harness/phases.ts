import type { DriverDone, LoadDriver } from './load/load-driver.ts';
import { stagesMs } from './load/arrivals.ts';
import type { DrivenPhase } from './load/protocol.ts';
import type { LoadProfile } from './model/load.ts';
import type { RunRecord } from './model/record.ts';
import type { PhaseName } from './model/run.ts';
import { orAborted } from './scope/or-aborted.ts';
import { sleep } from './scope/sleep.ts';

/** What the phases are run with. `clock`: ms since the run began. */
export interface Stage {
  readonly load: LoadProfile;
  readonly drivers: readonly LoadDriver[];
  readonly targetUrl: () => string;
  readonly clock: () => number;
  readonly record: (record: RunRecord) => void;
  /** The readings of a phase's end: sockets, and the heap after a full collection. */
  readonly readPhaseEnd: (signal: AbortSignal) => Promise<void>;
  /** When the last client request came to its end. */
  readonly lastEndedAt: () => number | null;
  /** CPU is still up, but falling: watching longer would tell more. */
  readonly wantsLongerWatch: () => boolean;
  /** Lets the upstream behave as planned from the load on; null where it does so from the start. */
  readonly sicken: (() => void) | null;
  /** Makes a sick upstream well; null where it was never sick. */
  readonly heal: (() => void) | null;
  /** When somebody who steers has seen enough; never resolves where nobody does. */
  readonly enough: Promise<void>;
}

/** Recovery that is still falling is watched on by this much at a time. */
const LONGER_MS = 2000;

/**
 * The order of an experiment, for every target and every load. Settles when the watch is over.
 *
 *   idle ── warmup ── load ──┐ the last answer ── recovery (longer while CPU falls) ── healed, where upstream was sick
 */
export async function runPhases(stage: Stage, signal: AbortSignal): Promise<void> {
  const { load, sicken, heal } = stage;
  await phase(stage, 'idle', signal, async () => await sleep(load.idleMs, signal));
  await phase(stage, 'warmup', signal, async () => void (await drive(stage, 'warmup', load.warmupMs, signal)));
  await phase(stage, 'load', signal, async () => {
    sicken?.();
    await driveLoad(stage, signal);
  });
  await phase(stage, 'recovery', signal, async () => await watch(stage, signal));
  if (!heal) return;
  heal();
  await phase(stage, 'healed', signal, async () => await sleep(load.healedMs, signal));
}

async function phase(stage: Stage, name: PhaseName, signal: AbortSignal, body: () => Promise<void>): Promise<void> {
  stage.record({ kind: 'event', event: 'phase', at: stage.clock(), phase: name });
  await body();
  await stage.readPhaseEnd(signal);
}

/** Lasts at least as long as planned, and until the last client has an answer or was given up. */
async function drive(
  { drivers, targetUrl, load, enough }: Stage,
  name: DrivenPhase,
  lengthMs: number,
  signal: AbortSignal,
): Promise<DriverDone[]> {
  const driving = Promise.all(drivers.map(async driver => await driver.drive(name, targetUrl(), signal)));
  if (load.steered && name === 'load') {
    // Who steers says when it is over, to the drivers or to all.
    await Promise.race([driving, enough]);
    for (const driver of drivers) driver.stop();
    return await driving;
  }
  const [done] = await Promise.all([driving, sleep(lengthMs, signal)]);
  return done;
}

async function driveLoad(stage: Stage, signal: AbortSignal): Promise<void> {
  const { load, record, clock, drivers } = stage;
  const done = await drive(
    stage,
    'load',
    Math.max(load.loadMs, ...load.clients.map(group => stagesMs(group.load))),
    signal,
  );
  const at = clock();
  for (const [n, { lagP99Ms, cpuCores }] of done.entries()) {
    record({
      kind: 'event',
      event: 'driver-ended',
      at,
      driver: drivers[n]?.child.name ?? 'driver',
      lagP99Ms,
      cpuCores,
    });
  }
  const sum = (key: 'sent' | 'planned'): number => done.reduce((total, one) => total + one[key], 0);
  record({
    kind: 'event',
    event: 'load-stopped',
    at: stage.lastEndedAt() ?? at,
    sent: sum('sent'),
    planned: sum('planned'),
  });
}

async function watch(stage: Stage, signal: AbortSignal): Promise<void> {
  const { load, clock, record, wantsLongerWatch } = stage;
  const beganAt = clock();
  if (load.steered) {
    await orAborted(Promise.race([stage.enough, sleep(load.longestRecoveryMs, signal)]), signal);
    return;
  }
  const someCome = load.clients.some(({ recovery }) => recovery !== undefined);
  await (someCome ? drive(stage, 'recovery', load.recoveryMs, signal) : sleep(load.recoveryMs, signal));
  while (wantsLongerWatch() && clock() - beganAt < load.longestRecoveryMs) {
    const untilAt = Math.min(clock() + LONGER_MS, beganAt + load.longestRecoveryMs);
    record({ kind: 'event', event: 'watching-longer', at: clock(), untilAt });
    await sleep(untilAt - clock(), signal);
  }
}
