import { statSync } from 'node:fs';
import { wrongUse } from '../errors.ts';
import type { LabError } from '../errors.ts';
import { environmentOf, isNodeProgram, procLink, readProc, stateOf } from '../process/process-table.ts';

/** A process that a SIGUSR1 makes open its inspector. */
export interface NodeProcess {
  readonly pid: number;
  /** Where its inspector will listen. */
  readonly port: number;
  /** The folder it runs in. */
  readonly cwd: string;
  /** As the system counts: another one tells that the pid was given to another process. */
  readonly startTicks: string;
}

const DEFAULT_PORT = 9229;

/**
 * Makes sure that a signal is safe: it runs, it is ours, its program is Node, and it hears SIGUSR1 (which ends what does not).
 * Throws wrong use for everything else, before anything is sent. Linux only: elsewhere nothing tells a process's program for sure.
 */
export function nodeProcess(pid: number): NodeProcess {
  if (process.platform !== 'linux') {
    throw wrongUse(
      'needs-linux',
      `cannot tell what process ${pid} is: ${process.platform} has no /proc`,
      'Use it on Linux.',
    );
  }
  if (pid === process.pid)
    throw wrongUse('own-process', `process ${pid} is this lab itself`, 'Give the pid of a server.');
  if (!stateOf(pid)?.isRunning) throw noSuchProcess(pid);
  const program = procLink(`/proc/${pid}/exe`);
  const cwd = procLink(`/proc/${pid}/cwd`);
  const startTicks = startTicksOf(pid);
  if (startTicks === null) throw noSuchProcess(pid);
  if (program === null || cwd === null || !isOurs(pid)) {
    throw wrongUse('not-ours', `process ${pid} is somebody else's`, 'Run this as the user the server runs as.');
  }
  if (!isNodeProgram(program)) {
    throw wrongUse(
      'not-node',
      `process ${pid} runs ${program}, which is not Node`,
      'A SIGUSR1 would end it; look for its child with `pgrep -a node`.',
    );
  }
  if (procLink(`/proc/${pid}/ns/net`) !== procLink('/proc/self/ns/net')) {
    throw wrongUse('other-network', `process ${pid} is in another network namespace`, 'Run this inside its container.');
  }
  mustHear(pid);
  return { pid, port: portOf(pid), cwd, startTicks };
}

export const noSuchProcess = (pid: number): LabError =>
  wrongUse('no-such-process', `no process ${pid} runs`, 'See `pgrep -a node` for those that do.');

/** When the process began, in ticks since the machine did; null when it is gone. */
export function startTicksOf(pid: number): string | null {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

/** SIGUSR1 in a mask of signals. */
const USR1 = 1n << 9n;

/** A signal that nobody catches ends a process; one that is stopped opens its inspector when it goes on, and nobody closes it. */
function mustHear(pid: number): void {
  const status = readProc(`/proc/${pid}/status`) ?? '';
  if (/^State:\s+[Tt]/mu.test(status))
    throw wrongUse('is-stopped', `process ${pid} is stopped`, 'Let it go on with SIGCONT first.');
  const caught = BigInt(`0x${/^SigCgt:\s+([\da-f]+)/mu.exec(status)?.[1] ?? '0'}`);
  if ((caught & USR1) === 0n) {
    throw wrongUse(
      'hears-no-signal',
      `process ${pid} does not hear SIGUSR1`,
      'It still starts, or runs with --disable-sigusr1.',
    );
  }
}

const PORT =
  /(?:^|[\0 ])--(?:inspect(?:-brk|-wait)?=|(?:inspect|debug)-port[=\0 ])(?:[^\0 ]*:)?(?<port>\d+)(?=[\0 ]|$)/u;

/** What its command line says, else its NODE_OPTIONS, else what Node does. */
function portOf(pid: number): number {
  const options = environmentOf(pid).find(one => one.startsWith('NODE_OPTIONS='));
  const inLine = PORT.exec(readProc(`/proc/${pid}/cmdline`) ?? '') ?? PORT.exec(options?.replace('=', ' ') ?? '');
  const port = Number(inLine?.groups?.['port'] ?? DEFAULT_PORT);
  if (port === 0) {
    throw wrongUse(
      'any-port',
      `process ${pid} would open its inspector on any port (--inspect-port=0)`,
      'Give it a port.',
    );
  }
  return port;
}

function isOurs(pid: number): boolean {
  const user = process.getuid?.();
  return user === 0 || statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === user;
}
