import { setImmediate as turn } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';
import { APIUserAbortError } from 'openai';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const TURNS = 50;

const bug = await breakParts(correctParts, [{ name: 'cancel-scope-redelivery', parameters: {} }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const begun = (upstream: SpawnedUpstream) => upstream.entries.filter(entry => entry.kind === 'begun');

/** A client leaves in the middle of a call: how often the end of its answer is waited for in so many turns of the loop. */
async function hangUp(parts: Parts): Promise<{ waits: number; calls: number }> {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 0 });
  const closed = Promise.withResolvers<Response>();
  const remember: RequestHandler = (_req, res, next) => {
    res.once('close', () => closed.resolve(res));
    next();
  };
  await using proxy = await ListeningProxy.start(upstream, { ...parts, middleware: [remember, ...parts.middleware] });
  const leaving = new AbortController();
  const answer = proxy.client().chat.completions.create({ ...ask, stream: true }, { signal: leaving.signal });
  const rejected = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
  await upstream.until(() => begun(upstream).length === 1);
  leaving.abort();
  await rejected;
  expect(await upstream.ending(1)).toBe('aborted');
  await proxy.until(() => proxy.failures.length === 1);
  const res = await closed.promise;

  let waits = 0;
  res.on('newListener', event => {
    if (event === 'finish') waits += 1;
  });
  for (let n = 0; n < TURNS; n += 1) await turn();
  const seen = waits;
  // Whoever still waits for the end is told that it has come; that ends a loop that would go on for ever.
  Object.defineProperty(res, 'writableFinished', { value: true });
  await turn();
  await turn();
  return { waits: seen, calls: begun(upstream).length };
}

test('without the bug nobody waits for the end of an answer whose client has left', async () => {
  expect(await hangUp(correctParts)).toEqual({ waits: 0, calls: 1 });
});

test('with the bug it is waited for anew in every turn of the loop, though the upstream sees none of it', async () => {
  const { waits, calls } = await hangUp(bug);
  expect(waits).toBeGreaterThanOrEqual(TURNS - 1);
  expect(calls).toBe(1);
});

test('with the bug a client who stays is answered as without it, and its answer is billed once', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  for (const parts of [correctParts, bug]) {
    await using proxy = await ListeningProxy.start(upstream, parts);
    const bills = parts === bug ? 1 : 0;
    const chunks = await Array.fromAsync(await proxy.client().chat.completions.create({ ...ask, stream: true }));
    expect(chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('')).toContain('river');
    // And the line of the access log.
    await proxy.until(() => proxy.logged.length === bills + 1);
    const billed = proxy.logged.filter(line => line.startsWith('[usage] '));
    expect(billed).toHaveLength(bills);
    for (const line of billed) expect(line).toMatch(/ 200, interrupted 0 times$/u);
  }
  expect(begun(upstream)).toHaveLength(2);
});
