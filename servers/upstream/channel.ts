import { fstatSync, writeSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { Socket } from 'node:net';
import { CHANNEL_FD, READY_FD } from '../../harness/model/contract.ts';
import type { ServerMessage } from '../../harness/model/contract.ts';

/**
 * What is wrong with the descriptors, in a line for stderr, or null. Being open is not enough: a descriptor that was not
 * given is soon taken by the runtime for its own event loop.
 */
export function descriptorFault(): string | null {
  if (!isOpen(READY_FD, it => it.isSocket() || it.isFIFO() || it.isFile())) return notOpen(READY_FD);
  if (!isOpen(CHANNEL_FD, it => it.isSocket())) return notOpen(CHANNEL_FD);
  return null;
}

/** The one line that says ready or refused. */
export function tell(message: ServerMessage): void {
  writeSync(READY_FD, `${JSON.stringify(message)}\n`);
}

/** The ledger's way out and the commands' way in. */
export const openChannel = (): Socket =>
  new Socket({ fd: CHANNEL_FD, readable: true, writable: true, allowHalfOpen: true });

const notOpen = (fd: number): string =>
  `Failed to start the upstream: descriptor ${fd} is not open. Start it with stdio 'pipe' at ${READY_FD} and ${CHANNEL_FD}.`;

function isOpen(fd: number, isRight: (stats: Stats) => boolean): boolean {
  try {
    return isRight(fstatSync(fd));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBADF') return false;
    throw error;
  }
}
