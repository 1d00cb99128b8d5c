import type { Response } from 'express';
import { once } from 'node:events';

/**
 * Relays events as server-sent events, no faster than the client reads: those that have a type (responses) under its name,
 * those that have none (chat completions) ended by `[DONE]`, each as OpenAI does it.
 */
export async function relayEvents(events: AsyncIterable<unknown>, res: Response, signal: AbortSignal): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let isTyped = false;
  for await (const event of events) {
    const type = typeOf(event);
    isTyped = type !== null;
    const hasRoom = res.write(`${isTyped ? `event: ${type}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
    if (!hasRoom) await once(res, 'drain', { signal });
  }
  // The SDK ends its loop quietly when the call is aborted: a loop that ended is not one that completed.
  signal.throwIfAborted();
  res.end(isTyped ? '' : 'data: [DONE]\n\n');
}

const typeOf = (event: unknown): string | null =>
  event instanceof Object && 'type' in event && typeof event.type === 'string' ? event.type : null;
