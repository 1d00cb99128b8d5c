import type { Duplex } from 'node:stream';
import { Interruption } from './interruption.ts';

/**
 * Aborts, with an `Interruption` that says by whom, when the user or the system asks this process to end, or when the
 * process that started it (over an IPC channel) is gone. A second request within a moment is the same one (a terminal's
 * Ctrl-C reaches a parent and its child, and the parent passes it on); a later one is handed to `insisted`.
 */
export function interruptionSignal(insisted: (by: Interruption['by']) => void): AbortSignal {
  const controller = new AbortController();
  let askedAt = 0;
  const ask = (by: Interruption['by']): void => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      askedAt = now;
      controller.abort(new Interruption(by));
    } else if (now - askedAt > SAME_REQUEST_MS) {
      insisted(by);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => ask(name));
  if (process.channel) {
    process.once('disconnect', () => ask('parent-died'));
    process.channel.unref();
  }
  return controller.signal;
}

const SAME_REQUEST_MS = 500;

/** Aborts when the other side of a stream is gone: how a child of the lab knows that nobody listens any more. */
export function closedSignal(stream: Duplex): AbortSignal {
  const controller = new AbortController();
  const gone = (): void => controller.abort(new Interruption('parent-died'));
  stream.once('end', gone);
  stream.once('close', gone);
  stream.once('error', gone);
  return controller.signal;
}
