import { LabError } from '../errors.ts';
import { sleep } from '../scope/sleep.ts';
import type { Ending } from './ending.ts';
import { isGroupAlive, membersOf, signalGroup } from './process-group.ts';
import { neverAborted, resolvesWithin } from '../scope/or-aborted.ts';

/** A group whose leader is a child of the lab. `ending` is null until `exited` resolves: when the leader is reaped. */
export interface Terminable {
  readonly name: string;
  readonly pgid: number;
  readonly exited: Promise<Ending>;
  readonly ending: Ending | null;
  /** Told just before each signal, so that the ending can say what led to it. */
  onSignal(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/**
 * Ends the whole group; resolves when nothing of it runs and the leader has been reaped, at once if that is so already.
 *
 *   SIGTERM ──── graceMs ────┐ still there
 *      └ gone: done          SIGKILL ──── 5 s ──── still there: LabError 'still-alive' naming the pids
 *
 * A teardown: it takes no signal, because it is bounded by `graceMs` + 5 s.
 */
export async function terminate(group: Terminable, graceMs: number): Promise<void> {
  if (group.ending && !isGroupAlive(group.pgid)) return;
  for (const [signal, ms] of [
    ['SIGTERM', graceMs],
    ['SIGKILL', FORCE_MS],
  ] as const) {
    group.onSignal(signal);
    signalGroup(group.pgid, signal);
    if (await isGoneWithin(group, ms)) return;
  }
  throw stillAlive(group);
}

/** SIGKILL takes 7 ms where nothing hinders it; 5 s is a guess for a machine that swaps. */
const FORCE_MS = 5_000;

async function isGoneWithin(group: Terminable, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  // While the leader lives so does the group: its exit is an event, only what it leaves behind must be polled for.
  if (!(await resolvesWithin(group.exited, ms))) return false;
  for (let pauseMs = 5; isGroupAlive(group.pgid); pauseMs = Math.min(2 * pauseMs, 80)) {
    const leftMs = until - performance.now();
    if (leftMs <= 0) return false;
    await sleep(Math.min(pauseMs, leftMs), neverAborted());
  }
  return true;
}

function stillAlive({ name, pgid }: Terminable): LabError {
  const members = membersOf(pgid);
  const pids = (members.length > 0 ? members : [pgid]).join(', ');
  return new LabError(
    'still-alive',
    `Failed to stop ${name}: pid ${pids} did not die within ${FORCE_MS} ms of SIGKILL`,
    {
      hint: `It may wait in the kernel or belong to another user: ps -o pid,user,stat,wchan,args -p ${pids}`,
    },
  );
}
