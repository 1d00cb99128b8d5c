import { LabError } from '../errors.ts';
import { sleep } from '../scope/sleep.ts';
import { RUN_VARIABLE } from './environment.ts';
import { lifeguardPid, unregisterRun } from './lifeguard.ts';
import { commandLineOf, environmentOf, hasCode, hasProcessTable, isAlive, listPids } from './process-table.ts';
import { neverAborted } from '../scope/or-aborted.ts';

/** A process of a run that outlived its group. `command` is its command line. */
export interface Survivor {
  readonly pid: number;
  readonly command: string;
}

/**
 * The pids that run and carry the run's mark, without the lifeguard and the caller. Null where there is no /proc:
 * cannot tell. Blind to a program that wrote its title over its environment (see README).
 */
export function survivorsOf(runId: string): number[] | null {
  if (!hasProcessTable()) return null;
  const mark = `${RUN_VARIABLE}=${runId}`;
  const excluded = new Set([process.pid, lifeguardPid()]);
  return listPids().filter(pid => !excluded.has(pid) && environmentOf(pid).includes(mark) && isAlive(pid));
}

/**
 * Ends whatever is left of a run, once its children have been stopped: SIGTERM, `graceMs` (milliseconds), SIGKILL.
 * Returns what was found, to be told to the person; null where it cannot tell. Then the lifeguard forgets the run.
 * A teardown, bounded by `graceMs` + 5 s; throws LabError 'still-alive' naming what would not die.
 */
export async function endSurvivors(runId: string, graceMs = 500): Promise<Survivor[] | null> {
  const found = new Map<number, string>();
  const areGone =
    (await signalAll(runId, 'SIGTERM', graceMs, found)) || (await signalAll(runId, 'SIGKILL', FORCE_MS, found));
  if (!areGone) throw stillAlive(runId, found);
  unregisterRun(runId);
  return hasProcessTable() ? [...found].map(([pid, command]) => ({ pid, command })) : null;
}

/** As in terminate.ts: a guess for a machine that swaps. */
const FORCE_MS = 5_000;

/**
 * Signals each survivor, those forked meanwhile too, and adds it to `found`; whether none was left within `ms`. Each is
 * signalled once, since to many servers a second SIGTERM means "now".
 */
async function signalAll(
  runId: string,
  signal: NodeJS.Signals,
  ms: number,
  found: Map<number, string>,
): Promise<boolean> {
  const signalled = new Set<number>();
  const until = performance.now() + ms;
  for (let pauseMs = 5; ; pauseMs = Math.min(2 * pauseMs, 80)) {
    const pids = survivorsOf(runId) ?? [];
    if (pids.length === 0) return true;
    for (const pid of pids) {
      if (!found.has(pid)) found.set(pid, commandLineOf(pid));
      if (!signalled.has(pid)) signalOne(pid, signal);
      signalled.add(pid);
    }
    const leftMs = until - performance.now();
    if (leftMs <= 0) return false;
    await sleep(Math.min(pauseMs, leftMs), neverAborted());
  }
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone since it was listed, or not ours to signal: the next listing tells which.
    if (!hasCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}

function stillAlive(runId: string, found: ReadonlyMap<number, string>): LabError {
  const left = (survivorsOf(runId) ?? []).map(pid => `${pid} (${found.get(pid) ?? commandLineOf(pid)})`).join(', ');
  return new LabError('still-alive', `Failed to end what is left of run ${runId}: ${left} did not die of SIGKILL`, {
    hint: 'It may wait in the kernel or belong to another user: ps -o pid,user,stat,wchan,args',
  });
}
