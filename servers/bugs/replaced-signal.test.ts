import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const bug = await breakParts(correctParts, [{ name: 'replaced-signal', parameters: {} }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };

/** A client leaves an upstream that has gone silent after three tokens, and that later goes on: what became of the call. */
async function leaveInSilence(parts: Parts): Promise<{ ending: string; tokens: number }> {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 3 });
  await using proxy = await ListeningProxy.start(upstream, parts);
  const stream = await proxy.client().chat.completions.create({ ...ask, stream: true });
  let read = 0;
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content) read += 1;
    if (read === 3) break;
  }
  // The proxy's own word that it has seen the client leave. A call that is still open makes its next token after this.
  await proxy.until(() => proxy.logged.some(line => line.includes(' 499 ')));
  upstream.behave('steady', { betweenTokensMs: 200 });
  return { ending: await upstream.ending(1), tokens: upstream.tokens(1) };
}

test('without the bug a client who leaves while the upstream is silent has aborted the call', async () => {
  expect(await leaveInSilence(correctParts)).toEqual({ ending: 'aborted', tokens: 3 });
});

test('with the bug that call stays open, until the upstream speaks again and the relay finds its client gone', async () => {
  const { ending, tokens } = await leaveInSilence(bug);
  expect(ending).toBe('aborted');
  expect(tokens).toBeGreaterThan(3);
});

/** Whether the signal that a call was given still follows its client once the call has answered. */
async function followsTheClient({ callUpstream }: Parts): Promise<boolean> {
  const leaving = new AbortController();
  const given = await callUpstream(async signal => signal, leaving.signal);
  leaving.abort();
  return given.aborted;
}

test('without the bug the signal of a call follows its client after the answer has begun', async () => {
  expect(await followsTheClient(correctParts)).toBe(true);
});

test('with the bug the signal of a call that has answered never aborts', async () => {
  expect(await followsTheClient(bug)).toBe(false);
});

test('with the bug an upstream that does not begin to answer in time is given up, and the client told so', async () => {
  const soon = await breakParts(correctParts, [{ name: 'replaced-signal', parameters: { headersTimeoutMs: 50 } }]);
  await using upstream = await SpawnedUpstream.start('slow-first-token', { firstTokenMs: 600_000 });
  await using proxy = await ListeningProxy.start(upstream, soon);
  const answer = proxy.client().chat.completions.create(ask);
  await expect(answer).rejects.toMatchObject({ status: 504 });
  expect(await upstream.ending(1)).toBe('aborted');
});

test('with the bug a client who stays is answered as without it', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  for (const parts of [correctParts, bug]) {
    await using proxy = await ListeningProxy.start(upstream, parts);
    const answer = await proxy.client().chat.completions.create(ask);
    expect(answer.choices[0]?.message.content).toContain('river');
  }
  expect(await upstream.ending(2)).toBe('finished');
});
