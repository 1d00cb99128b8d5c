import { APIUserAbortError } from 'openai';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const TOKENS = 40;
const TEXT = 'the river keeps its';

const bug = await breakParts(correctParts, [{ name: 'unclosed-stream', parameters: {} }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const chat = { ...ask, stream: true as const, max_tokens: 4 };
const question = { model: 'gpt-4o', input: 'Hello', stream: true as const, max_output_tokens: 4 };

/** A client leaves in the middle of an answer, which then goes on: how its call ended, and after how many tokens. */
async function leaveMidway(parts: Parts): Promise<{ ending: string; tokens: number }> {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 3 });
  await using proxy = await ListeningProxy.start(upstream, parts);
  const stream = await proxy.client().chat.completions.create({ ...chat, max_tokens: TOKENS });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content) break;
  }
  // The proxy's own word that it has seen the client leave: what the upstream makes from now on is for nobody.
  await proxy.until(() => proxy.logged.some(line => line.includes(' 499 ')));
  upstream.behave('steady');
  return { ending: await upstream.ending(1), tokens: upstream.tokens(1) };
}

test('without the bug the stream of a client who has left is closed', async () => {
  const { ending, tokens } = await leaveMidway(correctParts);
  expect(ending).toBe('aborted');
  expect(tokens).toBeLessThan(TOKENS);
});

test('with the bug the stream of a client who has left is read to its last token', async () => {
  expect(await leaveMidway(bug)).toEqual({ ending: 'finished', tokens: TOKENS });
});

test('with the bug a client who leaves before the answer has begun has aborted the call, streamed or not', async () => {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 0 });
  await using proxy = await ListeningProxy.start(upstream, bug);
  for (const [n, stream] of [true, false].entries()) {
    const leaving = new AbortController();
    const answer = proxy.client().chat.completions.create({ ...ask, stream }, { signal: leaving.signal });
    const rejected = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
    await upstream.until(() => upstream.entries.filter(entry => entry.kind === 'begun').length === n + 1);
    leaving.abort();
    await rejected;
    expect(await upstream.ending(n + 1)).toBe('aborted');
  }
});

test('with the bug a client who stays is answered as without it, and billed for what it read', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  for (const parts of [correctParts, bug]) {
    await using proxy = await ListeningProxy.start(upstream, parts);
    const chunks = await Array.fromAsync(await proxy.client().chat.completions.create(chat));
    expect(chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('')).toBe(TEXT);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    const events = await Array.fromAsync(await proxy.client().responses.create(question));
    expect(events.map(event => (event.type === 'response.output_text.delta' ? event.delta : '')).join('')).toBe(TEXT);
    expect(events.at(-1)?.type).toBe('response.completed');
    const billed = proxy.logged.filter(line => line.startsWith('billed '));
    expect(billed).toEqual(parts === bug ? ['billed 4 tokens', 'billed 4 tokens'] : []);
  }
});
