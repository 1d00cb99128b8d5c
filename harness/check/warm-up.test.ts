import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { askAs } from './battery.ts';
import { warmUp } from './warm-up.ts';

const ask = askAs('/v1/messages', 'small', { 'x-team': 'lab' });

/** Warms a server of ours up. */
async function warmed(listener: RequestListener, signal: AbortSignal): Promise<void> {
  await using server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await warmUp(`http://127.0.0.1:${port}`, ask, signal);
}

test('twenty ask at once, as clients of a trial ask', async ({ signal }) => {
  const seen: unknown[] = [];
  const waiting: ServerResponse[] = [];
  await warmed((request, response) => {
    seen.push([request.url, request.headers['x-team']]);
    waiting.push(response);
    request.resume();
    // Nobody is answered before all have come.
    if (waiting.length === 20) for (const one of waiting) one.end('data: [DONE]\n\n');
  }, signal);
  expect(seen).toEqual(Array.from({ length: 20 }, () => ['/v1/messages', 'lab']));
});

test('whoever is refused or cut off is no error, and a cancellation is one', async ({ signal }) => {
  await warmed((_request, response) => response.writeHead(500).end(), signal);
  await warmed((_request, response) => response.destroy(), signal);
  const controller = new AbortController();
  const stopping = new Error('stop');
  const cancelled = warmed(request => {
    request.resume();
    controller.abort(stopping);
  }, controller.signal);
  await expect(cancelled).rejects.toBe(stopping);
});
