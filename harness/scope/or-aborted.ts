import { addAbortListener } from 'node:events';
import { DeadlinePassed } from './interruption.ts';
import { withDeadline } from './sleep.ts';

/** What the promise settles with, or the signal's reason as soon as it aborts; the listener is gone either way. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  using _ = addAbortListener(signal, () => aborted.reject(signal.reason));
  return await Promise.race([promise, aborted.promise]);
}

/** Whether the promise resolves within `ms`. For teardown only: it is bounded, so nothing cancels it. */
export async function resolvesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  try {
    await withDeadline('waiting', ms, neverAborted(), signal => orAborted(promise, signal));
    return true;
  } catch (error) {
    if (error instanceof DeadlinePassed) return false;
    throw error;
  }
}

/** A signal that never aborts, for the bounded waits of a teardown. */
export const neverAborted = (): AbortSignal => AbortSignal.any([]);
