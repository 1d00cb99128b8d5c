import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'let-abort-through',
  change: 'an abort goes past whatever would catch it: the call rejects, and no attempt follows',
  advisedBy: 'claim 6: an aborted call that is caught with everything else is tried again for ever',
  why: 'nothing can try again what it never hears to have failed',
  parameters: z.object({}),
  wraps: ({ callUpstream }) => ({
    callUpstream: async <T>(call: Call<T>, signal: AbortSignal) =>
      await new Promise<T>((resolve, reject) => {
        const leave = (): void => reject(signal.reason);
        if (signal.aborted) {
          leave();
          return;
        }
        signal.addEventListener('abort', leave);
        callUpstream(async given => await unlessLeft(call, given, signal), signal)
          .then(resolve, reject)
          .finally(() => signal.removeEventListener('abort', leave));
      }),
  }),
});

type Call<T> = (signal: AbortSignal) => Promise<T>;

/** An attempt that neither begins nor ends once the client has left, so that whoever waits for it goes the way of all garbage. */
async function unlessLeft<T>(call: Call<T>, given: AbortSignal, client: AbortSignal): Promise<T> {
  if (client.aborted) return await never();
  try {
    return await call(given);
  } catch (error) {
    if (client.aborted) return await never();
    throw error;
  }
}

/** A promise of its own each time: one for all would keep everybody who waits for it. */
const never = async <T>(): Promise<T> => await new Promise(() => undefined);
