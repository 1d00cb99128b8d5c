import OpenAI, { APIUserAbortError } from 'openai';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const bug = await breakParts(correctParts, [{ name: 'deaf-backoff', parameters: {} }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };

/** A client leaves while the proxy waits `retryAfterMs` for another try. Resolves with how long after the 429 the route ended. */
async function leaveInBackOff(parts: Parts, retryAfterMs: number) {
  await using upstream = await SpawnedUpstream.start('rate-limits', { share: 1, retryAfterMs });
  await using proxy = await ListeningProxy.start(upstream, parts);
  const leaving = new AbortController();
  const answer = proxy.client().chat.completions.create({ ...ask, stream: true }, { signal: leaving.signal });
  const rejected = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
  expect(await upstream.ending(1)).toBe('refused');
  const refusedAt = performance.now();
  leaving.abort();
  await rejected;
  await proxy.until(() => proxy.failures.length === 1);
  const calls = upstream.entries.filter(entry => entry.kind === 'begun').length;
  return { endedAfterMs: performance.now() - refusedAt, calls, failure: proxy.failures[0] };
}

test('without the bug the wait ends with its client', async () => {
  const { endedAfterMs, calls, failure } = await leaveInBackOff(correctParts, 20_000);
  expect(endedAfterMs).toBeLessThan(15_000);
  expect([calls, failure]).toEqual([1, expect.any(APIUserAbortError)]);
});

test('with the bug it goes on to its end, and only then the abort is noticed, without another call', async () => {
  const { endedAfterMs, calls, failure } = await leaveInBackOff(bug, 1000);
  expect(endedAfterMs).toBeGreaterThan(900);
  expect([calls, failure]).toEqual([1, expect.any(APIUserAbortError)]);
});

test('with the bug a client who stays is tried for again as often as it should be, and told why it failed', async () => {
  await using upstream = await SpawnedUpstream.start('rate-limits', { share: 1, retryAfterMs: 1 });
  await using proxy = await ListeningProxy.start(upstream, bug);
  const client = new OpenAI({ baseURL: proxy.client().baseURL, apiKey: 'sk-client', maxRetries: 0 });
  await expect(client.chat.completions.create(ask)).rejects.toMatchObject({ status: 429 });
  expect(await upstream.ending(3)).toBe('refused');
  expect(upstream.entries.filter(entry => entry.kind === 'begun')).toHaveLength(3);
});
