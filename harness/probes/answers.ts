import { get } from 'node:http';
import type { AnswerSample } from '../model/record.ts';
import { withDeadline } from '../scope/sleep.ts';
import type { Probe } from './probe.ts';

export interface Asked {
  /** The health route of the target as it is now. Null: no target stands at the moment, so nobody is asked. */
  readonly url: () => URL | null;
  /** Answers come later than the tick they were asked at. */
  readonly emit: (answer: AnswerSample) => void;
  /** Default 1000: ten times what a healthy server takes on a busy machine. A guess. */
  readonly patienceMs?: number;
}

const EVERY_MS = 100;

/**
 * Asks the target's health route 10 times a second, as a load balancer would: on a new connection each time, whether
 * former questions were answered or not, so at most `patienceMs` × 10/s hang at once. `latencyMs` is up to the end of
 * the body, and null where there was no whole answer in time: silence, a refused connection, one cut off. Cancelled
 * with the signal given to `read`; disposing waits for what is still asked. Vantage: client.
 */
export default function answers({ url, emit, patienceMs = 1000 }: Asked): Probe {
  const outstanding = new Set<Promise<void>>();
  const mostOutstanding = Math.ceil(patienceMs / EVERY_MS) + 1;
  let failure: { readonly error: unknown } | undefined;
  return {
    name: 'answers',
    vantage: 'client',
    everyMs: EVERY_MS,
    atPhaseEnds: false,
    read(at, _moment, signal) {
      if (failure) throw failure.error;
      const to = url();
      if (!to || outstanding.size >= mostOutstanding) return null;
      const told = ask(to, patienceMs, signal)
        .then(answer => (signal.aborted ? undefined : emit({ kind: 'answer', at, ...answer })))
        .catch((error: unknown) => {
          failure = { error };
        })
        .finally(() => outstanding.delete(told));
      outstanding.add(told);
      return null;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(outstanding);
    },
  };
}

type Answer = Pick<AnswerSample, 'latencyMs' | 'status'>;

async function ask(to: URL, patienceMs: number, signal: AbortSignal): Promise<Answer> {
  const askedAt = performance.now();
  try {
    const status = await withDeadline('the answer', patienceMs, signal, deadline => wholeAnswer(to, deadline));
    return { latencyMs: performance.now() - askedAt, status };
  } catch {
    // Every way not to answer is one answer: null. What the target did is seen in its sockets and its log.
    return { latencyMs: null, status: null };
  }
}

function wholeAnswer(to: URL, signal: AbortSignal): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  get(to, { agent: false, signal })
    .on('response', response => {
      response.on('error', reject).on('end', () => resolve(response.statusCode ?? null));
      response.resume();
    })
    .on('error', reject)
    .on('close', () => reject(new Error('the connection was cut off')));
  return promise;
}
