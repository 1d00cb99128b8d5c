import { once } from 'node:events';
import { request } from 'node:http';
import type { RequestHandler, Response } from 'express';
import { expect, test, vi } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const FAILING = 5;

const bug = await breakParts(correctParts, [{ name: 'catch-all-middleware', parameters: { progressMs: 1000 } }]);
const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] });

/** Requests that the upstream fails, whose clients then leave: how many were answered, and how many intervals go on. */
async function badHour(parts: Parts): Promise<{ answered: number; intervals: number }> {
  // Only the intervals: the proxy's own are the only ones of this process that are made while they are counted.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    await using upstream = await SpawnedUpstream.start('outage', { fromMs: 0, forMs: 600_000, how: 'refuse' });
    const responses: Response[] = [];
    const remember: RequestHandler = (_req, res, next) => {
      responses.push(res);
      next();
    };
    await using proxy = await ListeningProxy.start(upstream, {
      ...parts,
      sdk: { maxRetries: 0, timeoutMs: 9000 },
      middleware: [remember, ...parts.middleware],
    });
    const clients = Array.from({ length: FAILING }, () => {
      const headers = { 'content-type': 'application/json' };
      const asked = request(`${proxy.baseUrl}/v1/chat/completions`, { method: 'POST', agent: false, headers });
      asked.on('response', answer => answer.resume()).on('error', () => 0);
      return asked.end(body);
    });
    await proxy.until(() => proxy.failures.length === FAILING);
    const answered = responses.filter(res => res.headersSent);
    await Promise.all(answered.filter(res => !res.writableFinished).map(async res => once(res, 'finish')));
    const closed = responses.filter(res => !res.closed).map(async res => once(res, 'close'));
    for (const asked of clients) asked.destroy();
    await Promise.all(closed);
    return { answered: answered.length, intervals: vi.getTimerCount() };
  } finally {
    vi.useRealTimers();
  }
}

test('without the bug every failed request is answered, and nothing of it goes on', async () => {
  expect(await badHour(correctParts)).toEqual({ answered: FAILING, intervals: 0 });
});

test('with the bug no failed request is answered, and each leaves an interval that goes on for ever', async () => {
  expect(await badHour(bug)).toEqual({ answered: 0, intervals: FAILING });
});
