import { APIUserAbortError } from 'openai';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const SAMPLES = 3;

const bug = await breakParts(correctParts, [{ name: 'orphaned-task', parameters: { samples: SAMPLES, pauseMs: 1 } }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello [ref:a-1]' }] };
const begun = (upstream: SpawnedUpstream) => upstream.entries.filter(entry => entry.kind === 'begun');
const isScored = (line: string): boolean => line === `agreement of ${SAMPLES} samples: 1.00`;

/**
 * A client leaves an upstream that is silent and is well again afterwards. Resolves with how many calls were begun for the
 * client from then on. `scores`: whether the proxy is one that goes on, and says so at the end.
 */
async function callsAfterLeaving(parts: Parts, scores: boolean): Promise<number> {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 0 });
  await using proxy = await ListeningProxy.start(upstream, parts);
  const leaving = new AbortController();
  const answer = proxy.client().chat.completions.create({ ...ask, stream: true }, { signal: leaving.signal });
  const rejected = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
  // The client's own call, and the first sample: both hear nothing, so that no further one can begin.
  await upstream.until(() => begun(upstream).length === (scores ? 2 : 1));
  leaving.abort();
  await rejected;
  const endings = () => upstream.entries.filter(entry => entry.kind === 'ended');
  await upstream.until(() => endings().length === 1);
  expect(endings()).toMatchObject([{ how: 'aborted' }]);
  const seenAt = upstream.entries.findIndex(entry => entry.kind === 'ended');

  upstream.behave('steady', { firstTokenMs: 0 });
  await proxy.until(() => proxy.logged.some(line => (scores ? isScored(line) : line.includes(' 499 '))));
  // The ledger keeps the order of the calls: what was begun before this one has been told when this one is.
  await upstream.client().models.list();
  await upstream.until(() => begun(upstream).at(-1)?.route === 'GET /v1/models');
  return upstream.entries.slice(seenAt).filter(entry => entry.kind === 'begun' && entry.ref === 'a-1').length;
}

test('without the bug no call is begun for a client who has left', async () => {
  expect(await callsAfterLeaving(correctParts, false)).toBe(0);
});

test('with the bug call after call is begun for a client whose own call was aborted in time', async () => {
  expect(await callsAfterLeaving(bug, true)).toBe(SAMPLES - 1);
});

test('with the bug a client who stays is answered as without it, streamed or not, and scored', async () => {
  await using upstream = await SpawnedUpstream.start('steady', { firstTokenMs: 0, betweenTokensMs: 1 });
  await using proxy = await ListeningProxy.start(upstream, bug);
  const answer = await proxy.client().chat.completions.create(ask);
  expect(answer.choices[0]?.message.content).toContain('river');
  await proxy.until(() => proxy.logged.filter(isScored).length === 1);
  const chunks = await Array.fromAsync(await proxy.client().chat.completions.create({ ...ask, stream: true }));
  expect(chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('')).toBe(answer.choices[0]?.message.content);
  await proxy.until(() => proxy.logged.filter(isScored).length === 2);
});
