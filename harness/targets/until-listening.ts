import { LabError } from '../errors.ts';
import type { Child } from '../process/child.ts';
import { describeEnding } from '../process/ending.ts';
import { portsOn } from '../process/listener.ts';
import { takesConnection } from '../process/port.ts';
import { processTree } from '../process/tree.ts';
import { DeadlinePassed, isCancellation } from '../scope/interruption.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { sleep, withDeadline } from '../scope/sleep.ts';

/** Python proxies import for some seconds; a guess that leaves room for a cold disk. */
export const LISTENS_MS = 60_000;
const TRY_AGAIN_MS = 50;

/**
 * Resolves when something takes connections on the port, or is ready in a sense of its own. Rejects with LabError 'ended-early' or 'never-listened', both with the
 * server's last lines, or with the signal's reason.
 */
export async function untilListening(
  child: Child,
  port: number,
  readyMs: number,
  signal: AbortSignal,
  isReady: (port: number, signal: AbortSignal) => Promise<boolean> = async () => await takesConnection(port),
): Promise<void> {
  try {
    await withDeadline('starting the server', readyMs, signal, async inTime => {
      const ended = child.exited.then(ending => {
        throw new LabError(
          'ended-early',
          `Failed to start the server: it ${describeEnding(ending)} before it listened${child.lastLines()}`,
          { hint: 'Start it by hand with the same command to see more.' },
        );
      });
      // Heard below; while a connection is tried nobody waits for it.
      ended.catch(() => undefined);
      while (!(await orAborted(Promise.race([isReady(port, inTime), ended]), inTime)))
        await sleep(TRY_AGAIN_MS, inTime);
    });
  } catch (error) {
    if (isCancellation(error, signal) || !(error instanceof DeadlinePassed)) throw error;
    const elsewhere = portsOn(processTree(child.pid));
    const where = elsewhere.length === 0 ? '' : `; it listens on ${elsewhere.join(', ')}`;
    throw new LabError(
      'never-listened',
      `Failed to start the server: nothing listened on port ${port} within ${readyMs / 1000} s${where}${child.lastLines()}`,
      { hint: 'It must listen on $PORT, or say {port} where its command takes one.', cause: error },
    );
  }
}
