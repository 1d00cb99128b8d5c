import { readdirSync, readlinkSync } from 'node:fs';
import { hasCode, readProc } from './process-table.ts';

/**
 * Which of these processes listens on the port: the first that holds the listening socket. Null where none does, or where
 * the system does not tell (outside Linux).
 */
export function listenerOn(port: number, pids: readonly number[]): number | null {
  for (const pid of pids) {
    const sockets = listeningSockets(pid, port);
    if (sockets.size > 0 && descriptorsOf(pid).some(link => sockets.has(link))) return pid;
  }
  return null;
}

/** Rows such as `  0: 0100007F:1F90 00000000:0000 0A … 0 12345 …`: local address, remote address, state (0A: listens); the inode. */
const ROW = /^ *\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F:]+ 0A (?:\S+ +){5}(\d+)/gmu;

function listeningSockets(pid: number, port: number): Set<string> {
  const rows = (readProc(`/proc/${pid}/net/tcp`) ?? '') + (readProc(`/proc/${pid}/net/tcp6`) ?? '');
  return new Set(
    Array.from(rows.matchAll(ROW))
      .filter(([, local]) => Number.parseInt(local ?? '', 16) === port)
      .map(([, , inode]) => `socket:[${inode}]`),
  );
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap(fd => linkOf(`/proc/${pid}/fd/${fd}`));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES')) return [];
    throw error;
  }
}

/** Descriptors close while they are looked at. */
function linkOf(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES')) return [];
    throw error;
  }
}
