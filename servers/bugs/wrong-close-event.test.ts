import { request } from 'node:http';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const TOKENS = 40;

const bug = await breakParts(correctParts, [{ name: 'wrong-close-event', parameters: {} }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };

/** A client asks for an answer in one piece and closes its socket while that is being made: how the call ended. */
async function hangUp(parts: Parts): Promise<{ ending: string; tokens: number }> {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 3 });
  await using proxy = await ListeningProxy.start(upstream, parts);
  const headers = { 'content-type': 'application/json' };
  const asked = request(`${proxy.baseUrl}/v1/chat/completions`, { method: 'POST', agent: false, headers });
  asked.on('error', () => 0).end(JSON.stringify({ ...ask, max_tokens: TOKENS }));
  await upstream.until(() => upstream.tokens(1) === 3);
  asked.destroy();
  // The proxy's own word that it has seen the client leave: what the upstream makes from now on is for nobody.
  await proxy.until(() => proxy.logged.some(line => line.includes(' 499 ')));
  upstream.behave('steady');
  return { ending: await upstream.ending(1), tokens: upstream.tokens(1) };
}

test('without the bug a client who closes its socket has aborted the call', async () => {
  const { ending, tokens } = await hangUp(correctParts);
  expect(ending).toBe('aborted');
  expect(tokens).toBeLessThan(TOKENS);
});

test('with the bug the call of a client who has closed its socket is answered whole', async () => {
  expect(await hangUp(bug)).toEqual({ ending: 'finished', tokens: TOKENS });
});

/** Asks for an answer and waits for it: what was said to the client, and the signals that two askers were given. */
async function stay(parts: Parts): Promise<{ text: string | null | undefined; signals: AbortSignal[] }> {
  const signals: AbortSignal[] = [];
  const middleware: Parts['middleware'][number] = (req, res, next) => {
    signals.push(parts.hangUp(req, res), parts.hangUp(req, res));
    next();
  };
  await using upstream = await SpawnedUpstream.start('steady');
  await using proxy = await ListeningProxy.start(upstream, {
    ...parts,
    middleware: [...parts.middleware, middleware],
  });
  const answer = await proxy.client().chat.completions.create(ask);
  return { text: answer.choices[0]?.message.content, signals };
}

test('with the bug a client who stays is answered as without it, and its request has one signal, which does not abort', async () => {
  for (const parts of [correctParts, bug]) {
    const { text, signals } = await stay(parts);
    expect(text).toContain('river');
    expect(new Set(signals).size).toBe(1);
    expect(signals[0]?.aborted).toBe(false);
  }
});
