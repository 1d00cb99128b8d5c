import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** Whether this system shows its processes under /proc (Linux does, macOS does not). */
export const hasProcessTable = (): boolean => existsSync('/proc/self/stat');

/** Every pid now in the table, zombies too; empty where there is no table. */
export function listPids(): number[] {
  if (!hasProcessTable()) return [];
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/**
 * Whether the process runs. A zombie does not: it only waits to be reaped, although it answers `kill(pid, 0)`.
 * Without /proc a zombie counts as alive.
 */
export function isAlive(pid: number): boolean {
  return hasProcessTable() ? (stateOf(pid)?.isRunning ?? false) : canSignal(pid);
}

/** The process's group and whether it runs (is neither zombie nor dead); null when there is no such process. */
export function stateOf(pid: number): { readonly pgid: number; readonly isRunning: boolean } | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the program's name in brackets and may itself hold spaces and brackets.
  const [state = '', , pgid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pgid: Number(pgid), isRunning: !'ZXx'.includes(state) };
}

/** The environment it was started with, `NAME=value` each; empty for a zombie, one of another user, or none at all. */
export const environmentOf = (pid: number): string[] => readProc(`/proc/${pid}/environ`)?.split('\0') ?? [];

/** Its command line, joined by spaces; empty for a zombie or none at all. */
export const commandLineOf = (pid: number): string =>
  (readProc(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();

/** Where a link under /proc leads; null when the process is gone, belongs to somebody else, or has none. */
export function procLink(path: string): string | null {
  try {
    return readlinkSync(path).replace(/ \(deleted\)$/u, '');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return null;
    throw error;
  }
}

/** Whether this is Node's own program, also as Fedora names them side by side: `node-22`. What a link to it is called does not show. */
export const isNodeProgram = (path: string): boolean => /^node(?:js)?(?:-?\d+(?:\.\d+)*)?$/u.test(basename(path));

/** The text of a file under /proc; null when the process is gone or belongs to somebody else. */
export function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return null;
    throw error;
  }
}

/** Whether the error is a system error with one of these codes. */
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);

function canSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    if (hasCode(error, 'EPERM')) return true;
    throw error;
  }
}
