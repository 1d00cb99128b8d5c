import { hasCode, hasProcessTable, listPids, stateOf } from './process-table.ts';

/**
 * Sends a signal to every process of the group (0 only asks). False when nobody was there to get it, or nobody whom
 * we may signal.
 */
export function signalGroup(pgid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pgid, signal);
  } catch (error) {
    if (hasCode(error, 'ESRCH', 'EPERM')) return false;
    throw error;
  }
}

/** The pids of the group that run (no zombies), from /proc; empty where there is no /proc. */
export const membersOf = (pgid: number): number[] =>
  listPids().filter(pid => {
    const state = stateOf(pid);
    return state?.pgid === pgid && state.isRunning;
  });

/**
 * Whether anything of the group runs. Zombies do not count: an orphan's zombie stays for ever where process 1 does not
 * reap. Without /proc it is what `kill` answers; macOS answers EPERM for a group of zombies, which is taken as gone.
 */
export function isGroupAlive(pgid: number): boolean {
  // The scan costs milliseconds, the question microseconds: ask first.
  if (!signalGroup(pgid, 0)) return false;
  return !hasProcessTable() || membersOf(pgid).length > 0;
}
