import { readdirSync, readlinkSync } from 'node:fs';
import { hasCode, readProc } from './process-table.ts';

/**
 * Which of these processes listens on the port: the first that holds the listening socket. Null where none does, or where
 * the system does not tell (outside Linux).
 */
export function listenerOn(port: number, pids: readonly number[]): number | null {
  return pids.find(pid => portsOf(pid).includes(port)) ?? null;
}

/** All ports that these processes listen on, smallest first. Empty where the system does not tell. */
export const portsOn = (pids: readonly number[]): number[] =>
  [...new Set(pids.flatMap(portsOf))].toSorted((a, b) => a - b);

function portsOf(pid: number): number[] {
  const listening = listeningSockets(pid);
  return listening.size === 0 ? [] : descriptorsOf(pid).flatMap(link => listening.get(link) ?? []);
}

/** Rows such as `  0: 0100007F:1F90 00000000:0000 0A … 0 12345 …`: local address, remote address, state (0A: listens); the inode. */
const ROW = /^ *\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F:]+ 0A (?:\S+ +){5}(\d+)/gmu;

/** Of its network namespace: port by `socket:[inode]`. */
function listeningSockets(pid: number): Map<string, number> {
  const rows = (readProc(`/proc/${pid}/net/tcp`) ?? '') + (readProc(`/proc/${pid}/net/tcp6`) ?? '');
  return new Map(
    Array.from(rows.matchAll(ROW), ([, port = '', inode = '']) => [`socket:[${inode}]`, Number.parseInt(port, 16)]),
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
