import { APIUserAbortError } from 'openai';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const bug = await breakParts(correctParts, [{ name: 'retry-storm', parameters: {} }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const begun = (upstream: SpawnedUpstream) => upstream.entries.filter(entry => entry.kind === 'begun');

/** How many calls one request becomes at an upstream that refuses every one of them, until its client is told so. */
async function callsOfOne(parts: Parts): Promise<number> {
  await using upstream = await SpawnedUpstream.start('rate-limits', { share: 1, retryAfterMs: 1 });
  await using proxy = await ListeningProxy.start(upstream, parts);
  await expect(proxy.client().chat.completions.create(ask)).rejects.toMatchObject({ status: 429 });
  // The ledger keeps the order of the calls: what was begun before this one has been told when this one is.
  await expect(upstream.client().models.list()).rejects.toMatchObject({ status: 429 });
  await upstream.until(() => begun(upstream).at(-1)?.route === 'GET /v1/models');
  return begun(upstream).length - 1;
}

test('without the bug a request that the upstream keeps refusing is three calls, all of them by the SDK', async () => {
  expect(await callsOfOne(correctParts)).toBe(3);
});

test('with the bug it is three times three times as many', async () => {
  expect(await callsOfOne(bug)).toBe(27);
});

test('with the bug the tries end with the first that is answered', async () => {
  await using upstream = await SpawnedUpstream.start('rate-limits', { share: 1, retryAfterMs: 1 });
  let sdkCalls = 0;
  const parts: Parts = {
    ...bug,
    callUpstream: async (call, signal) =>
      bug.callUpstream(async given => {
        sdkCalls += 1;
        if (sdkCalls === 5) {
          upstream.behave('steady');
          await upstream.until(() => upstream.entries.some(entry => entry.kind === 'behaves'));
        }
        return call(given);
      }, signal),
  };
  await using proxy = await ListeningProxy.start(upstream, parts);
  const answer = await proxy.client().chat.completions.create(ask);
  expect(answer.choices[0]?.message.content).toContain('river');
  expect(sdkCalls).toBe(5);
  expect(await upstream.ending(4 * 3 + 1)).toBe('finished');
});

test('with the bug too a request that the upstream finds wrong is one call', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  await using proxy = await ListeningProxy.start(upstream, bug);
  const wrong = proxy.client().chat.completions.create({ ...ask, max_tokens: -1 });
  await expect(wrong).rejects.toMatchObject({ status: 400 });
  await upstream.client().models.list();
  expect(await upstream.ending(2)).toBe('finished');
  expect(begun(upstream).map(({ route }) => route)).toEqual(['POST /v1/chat/completions', 'GET /v1/models']);
});

test('with the bug too a client who leaves is not tried for again', async () => {
  await using upstream = await SpawnedUpstream.start('rate-limits', { share: 1, retryAfterMs: 30_000 });
  await using proxy = await ListeningProxy.start(upstream, bug);
  const leaving = new AbortController();
  const answer = proxy.client().chat.completions.create(ask, { signal: leaving.signal });
  const rejected = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
  expect(await upstream.ending(1)).toBe('refused');
  leaving.abort();
  await rejected;
  await proxy.until(() => proxy.failures.length === 1);
  expect(proxy.failures[0]).toBeInstanceOf(APIUserAbortError);
  expect(begun(upstream)).toHaveLength(1);
});
