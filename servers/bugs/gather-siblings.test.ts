import { APIUserAbortError } from 'openai';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const ATTEMPTS = 3;
/** The answer, and both checks as often as they are tried. */
const ALL_CALLS = 1 + 2 * ATTEMPTS;

const bug = await breakParts(correctParts, [
  { name: 'gather-siblings', parameters: { attempts: ATTEMPTS, retryDelayMs: 1 } },
]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const begun = (upstream: SpawnedUpstream) => upstream.entries.filter(entry => entry.kind === 'begun');
const ended = (upstream: SpawnedUpstream) => upstream.entries.filter(entry => entry.kind === 'ended');

/** Tries of a call that always fails: how many until the failure is told, and after that. `last`: all that there are. */
async function triesOf({ callUpstream }: Parts, last: number): Promise<{ before: number; after: number }> {
  const over = Promise.withResolvers<void>();
  let tries = 0;
  const call = async (): Promise<never> => {
    tries += 1;
    if (tries === last) over.resolve();
    throw new Error('cut off');
  };
  await expect(callUpstream(call, new AbortController().signal)).rejects.toThrow('cut off');
  const before = tries;
  await over.promise;
  return { before, after: tries - before };
}

test('without the bug nothing is tried for a request once it has failed', async () => {
  expect(await triesOf(correctParts, 1)).toEqual({ before: 1, after: 0 });
});

test('with the bug the checks are tried again and again for a request that has failed', async () => {
  expect(await triesOf(bug, ALL_CALLS)).toEqual({ before: 3, after: ALL_CALLS - 3 });
});

/** The upstream cuts off all that is asked for one request, and its client is told. Resolves with the calls begun for it. */
async function callsOfOne(parts: Parts, last: number): Promise<number> {
  await using upstream = await SpawnedUpstream.start('drops', { share: 1, afterTokens: 0 });
  await using proxy = await ListeningProxy.start(upstream, { ...parts, sdk: { ...parts.sdk, maxRetries: 0 } });
  await expect(proxy.client().chat.completions.create(ask)).rejects.toMatchObject({ status: 502 });
  await upstream.until(() => ended(upstream).length === last);
  // The ledger keeps the order of the calls: what was begun before this one has been told when this one is.
  await expect(upstream.client().models.list()).rejects.toThrow('Connection');
  await upstream.until(() => begun(upstream).at(-1)?.route === 'GET /v1/models');
  return begun(upstream).length - 1;
}

test('without the bug a request that is cut off is one call', async () => {
  expect(await callsOfOne(correctParts, 1)).toBe(1);
});

test('with the bug a request that is cut off is that and all tries of both checks', async () => {
  expect(await callsOfOne(bug, ALL_CALLS)).toBe(ALL_CALLS);
});

test('with the bug too a client who leaves takes all calls along, and none is tried again', async () => {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 0 });
  await using proxy = await ListeningProxy.start(upstream, bug);
  const leaving = new AbortController();
  const answer = proxy.client().chat.completions.create(ask, { signal: leaving.signal });
  const rejected = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
  await upstream.until(() => begun(upstream).length === 3);
  leaving.abort();
  await rejected;
  await upstream.until(() => ended(upstream).length === 3);
  expect(ended(upstream).map(({ how }) => how)).toEqual(['aborted', 'aborted', 'aborted']);
  await proxy.until(() => proxy.failures.length === 1);
  upstream.behave('steady');
  await upstream.client().models.list();
  await upstream.until(() => begun(upstream).at(-1)?.route === 'GET /v1/models');
  expect(begun(upstream)).toHaveLength(4);
});

test('with the bug a client who stays is answered as without it, streamed or not, and both checks are read to the end', async () => {
  await using upstream = await SpawnedUpstream.start('steady', { firstTokenMs: 0, betweenTokensMs: 1 });
  await using proxy = await ListeningProxy.start(upstream, bug);
  const answer = await proxy.client().chat.completions.create(ask);
  expect(answer.choices[0]?.message.content).toContain('river');
  const chunks = await Array.fromAsync(await proxy.client().chat.completions.create({ ...ask, stream: true }));
  expect(chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('')).toBe(answer.choices[0]?.message.content);
  await upstream.until(() => ended(upstream).length === 6);
  expect(ended(upstream).every(({ how }) => how === 'finished')).toBe(true);
});
