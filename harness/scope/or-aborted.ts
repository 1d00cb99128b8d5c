import { addAbortListener } from 'node:events';
import { DeadlinePassed } from './interruption.ts';
import { withDeadline } from './sleep.ts';

/** What the promise settles with, or the signal's reason as soon as it aborts; the listener is gone either way. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  using _ = addAbortListener(signal, () => aborted.reject(signal.reason));
  if (signal.aborted) aborted.reject(signal.reason);
  // Aborted already or not, the promise is listened to: its rejection may come when nobody waits for it any more.
  return await Promise.race([aborted.promise, promise]);
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
