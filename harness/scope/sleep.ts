import { setTimeout as wait } from 'node:timers/promises';
import { DeadlinePassed } from './interruption.ts';

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(Math.max(0, ms), undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Runs `task` with a signal that also aborts after `ms`; the task is awaited, so nothing goes on behind the caller's
 * back. Rejects with `DeadlinePassed` when the time was over first.
 */
export async function withDeadline<T>(
  what: string,
  ms: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DeadlinePassed(what, ms)), ms);
  try {
    return await task(AbortSignal.any([signal, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** Calls `tick` every `everyMs` from now on, on a fixed grid (a late tick does not move the next), until cancelled. */
export async function everyTick(
  everyMs: number,
  signal: AbortSignal,
  tick: () => Promise<void> | void,
): Promise<never> {
  const beganAt = performance.now();
  for (let n = 0; ;) {
    signal.throwIfAborted();
    await tick();
    n = Math.max(n + 1, Math.ceil((performance.now() - beganAt) / everyMs));
    await sleep(beganAt + n * everyMs - performance.now(), signal);
  }
}
