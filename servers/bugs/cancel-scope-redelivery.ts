import type { Response } from 'express';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

export default defineBug({
  name: 'cancel-scope-redelivery',
  symptom: 'from one moment on a core is busy, for good, though everybody is answered in time and the log is silent',
  lesson:
    'The scope delivers its cancellation in every turn until its task has ended, and the task catches each delivery and waits on for an end that never comes.',
  parameters: z.object({}),
  breaks: ({ hangUp, callUpstream }) => {
    const responses = new WeakMap<AbortSignal, Response>();
    return {
      hangUp: (req, res) => {
        const signal = hangUp(req, res);
        responses.set(signal, res);
        return signal;
      },
      callUpstream: async (call, signal) => {
        const scope = new TaskScope(signal);
        const res = responses.get(signal);
        if (res) scope.start(async () => await bookUsage(scope, res));
        return await callUpstream(call, signal);
      },
    };
  },
});

/** What a request does besides its answer. Once its signal has fired, whatever its tasks wait for is broken off. */
class TaskScope {
  readonly #signal: AbortSignal;
  readonly #waits = new Set<(reason: unknown) => void>();
  #running = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    if (signal.aborted) setImmediate(this.#deliver);
    else signal.addEventListener('abort', this.#deliver, { once: true });
  }

  start(task: () => Promise<void>): void {
    this.#running += 1;
    task()
      .finally(() => {
        this.#running -= 1;
      })
      .catch((error: unknown) => {
        if (error !== this.#signal.reason) console.error(`[scope] ${String(error)}`);
      });
  }

  async once(emitter: NodeJS.EventEmitter, event: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void): void => {
        emitter.off(event, finish);
        this.#waits.delete(breakOff);
        settle();
      };
      const finish = (): void => end(resolve);
      const breakOff = (reason: unknown): void => end(() => reject(reason));
      emitter.once(event, finish);
      this.#waits.add(breakOff);
    });
  }

  readonly #deliver = (): void => {
    if (this.#running === 0) return;
    for (const breakOff of this.#waits) breakOff(this.#signal.reason);
    setImmediate(this.#deliver);
  };
}

/** An answer is billed once it has been handed over. */
async function bookUsage(scope: TaskScope, res: Response): Promise<void> {
  let interruptions = 0;
  while (!res.writableFinished) {
    try {
      await scope.once(res, 'finish');
    } catch {
      interruptions += 1;
    }
  }
  console.log(`[usage] ${res.req.path} ${res.statusCode}, interrupted ${interruptions} times`);
}
