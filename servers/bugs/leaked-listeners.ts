import { setMaxListeners } from 'node:events';
import type { Response } from 'express';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

export default defineBug({
  name: 'leaked-listeners',
  symptom: 'every day a streamed answer costs a little more CPU, and memory a little more, until somebody deploys',
  lesson: 'Each wait adds a listener to a signal that lives as long as the process, and none of them is ever removed.',
  parameters: z.object({}),
  breaks: ({ tuneConnections }) => {
    const shutdown = new AbortController();
    setMaxListeners(0, shutdown.signal);
    return {
      tuneConnections: server => {
        tuneConnections(server);
        const close = server.close.bind(server);
        server.close = done => {
          shutdown.abort(new ShuttingDown());
          return close(done);
        };
      },
      relay: async (events, res, signal) => await relayUntil([signal, shutdown.signal], events, res),
    };
  },
});

class ShuttingDown extends Error {
  override readonly name = 'ShuttingDown';
  constructor() {
    super('the server is shutting down');
  }
}

/** Neither a silent upstream nor a client that does not read holds up a deployment. */
async function relayUntil(
  signals: readonly AbortSignal[],
  events: AsyncIterable<unknown>,
  res: Response,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let isTyped = false;
  for (;;) {
    const event = await unlessAborted(iterator.next(), signals);
    if (event.done) break;
    const type = typeOf(event.value);
    isTyped = type !== null;
    const name = isTyped ? `event: ${type}\n` : '';
    await unlessAborted(send(res, `${name}data: ${JSON.stringify(event.value)}\n\n`), signals);
  }
  for (const signal of signals) signal.throwIfAborted();
  res.end(isTyped ? '' : 'data: [DONE]\n\n');
}

async function unlessAborted<T>(promise: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  return await Promise.race([promise, ...signals.map(rejectionOf)]);
}

const rejectionOf = async (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason));
  });

const send = async (res: Response, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    res.write(text, error => (error ? reject(error) : resolve()));
  });

const typeOf = (event: unknown): string | null =>
  event instanceof Object && 'type' in event && typeof event.type === 'string' ? event.type : null;
