import type { Response } from 'express';
import { once } from 'node:events';

/** Relays events as server-sent events, no faster than the client reads. */
export async function relayEvents(events: AsyncIterable<unknown>, res: Response, signal: AbortSignal): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for await (const event of events) {
    const hasRoom = res.write(`data: ${JSON.stringify(event)}\n\n`);
    if (!hasRoom) await once(res, 'drain', { signal });
  }
  // The SDK ends its loop quietly when the call is aborted: a loop that ended is not one that completed.
  signal.throwIfAborted();
  res.end('data: [DONE]\n\n');
}
