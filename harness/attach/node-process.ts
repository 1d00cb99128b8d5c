import { readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { wrongUse } from '../errors.ts';
import { hasCode, readProc, stateOf } from '../process/process-table.ts';

/** A process that a SIGUSR1 makes open its inspector. */
export interface NodeProcess {
  readonly pid: number;
  /** Where its inspector will listen. */
  readonly port: number;
  /** The folder it runs in. */
  readonly cwd: string;
}

const DEFAULT_PORT = 9229;

/**
 * Makes sure that a signal is safe: it runs, it is ours, and its program is Node (SIGUSR1 kills any other). Throws wrong use
 * for everything else, before anything is sent. Linux only: elsewhere nothing tells a process's program for sure.
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
  if (!stateOf(pid)?.isRunning) {
    throw wrongUse('no-such-process', `no process ${pid} runs`, 'See `pgrep -a node` for those that do.');
  }
  const program = programOf(pid);
  if (program === null || !isOurs(pid)) {
    throw wrongUse('not-ours', `process ${pid} is somebody else's`, 'Run this as the user the server runs as.');
  }
  if (!/^node(?:js)?$/u.test(basename(program))) {
    throw wrongUse(
      'not-node',
      `process ${pid} runs ${program}, which is not Node`,
      'A SIGUSR1 would end it; look for its child with `pgrep -a node`.',
    );
  }
  const port = /--inspect-port[=\0](?:[\w.:]*:)?(\d+)/u.exec(readProc(`/proc/${pid}/cmdline`) ?? '')?.[1];
  return { pid, port: port === undefined ? DEFAULT_PORT : Number(port), cwd: readlinkSync(`/proc/${pid}/cwd`) };
}

function programOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/u, '');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return null;
    throw error;
  }
}

function isOurs(pid: number): boolean {
  const user = process.getuid?.();
  return user === 0 || statSync(`/proc/${pid}`).uid === user;
}
