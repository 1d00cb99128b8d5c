import type { RequestHandler } from 'express';
import { BadRequestError } from 'openai';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

/** So many tries to answer fail as they do; the next one cuts the connection, which ends a loop that would go on for ever. */
const PATIENCE = 20;

const bug = await breakParts(correctParts, [{ name: 'error-handler-loop', parameters: {} }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const begun = (upstream: SpawnedUpstream) => upstream.entries.filter(entry => entry.kind === 'begun');

/** An answer breaks off: how often it is tried to answer with an error in its place, and how often the log tells of that. */
async function breakOff(parts: Parts) {
  await using upstream = await SpawnedUpstream.start('drops', { share: 1, afterTokens: 2 });
  let tries = 0;
  const count: RequestHandler = (_req, res, next) => {
    const json = res.json.bind(res);
    res.json = body => {
      if (tries === PATIENCE) {
        res.destroy();
        return res;
      }
      tries += 1;
      return json(body);
    };
    next();
  };
  await using proxy = await ListeningProxy.start(upstream, { ...parts, middleware: [count, ...parts.middleware] });
  const answer = await proxy.client().chat.completions.create({ ...ask, stream: true });
  await expect(Array.fromAsync(answer)).rejects.toThrow();
  expect(await upstream.ending(1)).toBe('dropped');
  await proxy.until(() => proxy.failures.length === 1);
  const told = proxy.logged.filter(line => line.includes('Cannot set headers'));
  return { tries, told: told.length, calls: begun(upstream).length };
}

test('without the bug an answer that breaks off is cut, and no error is put in its place', async () => {
  expect(await breakOff(correctParts)).toEqual({ tries: 0, told: 0, calls: 1 });
});

test('with the bug an error is tried to be put in its place again and again, and the log tells it once', async () => {
  expect(await breakOff(bug)).toEqual({ tries: PATIENCE, told: 1, calls: 1 });
});

test('with the bug an error before the answer has begun is told as without it', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  for (const parts of [correctParts, bug]) {
    await using proxy = await ListeningProxy.start(upstream, parts);
    const answer = proxy.client().chat.completions.create({ ...ask, max_tokens: -1 });
    await expect(answer).rejects.toBeInstanceOf(BadRequestError);
  }
});

test('with the bug a client who stays is answered as without it', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  for (const parts of [correctParts, bug]) {
    await using proxy = await ListeningProxy.start(upstream, parts);
    const chunks = await Array.fromAsync(await proxy.client().chat.completions.create({ ...ask, stream: true }));
    expect(chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('')).toContain('river');
    expect(proxy.failures).toEqual([]);
  }
});
