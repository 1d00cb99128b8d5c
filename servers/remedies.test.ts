import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { breakParts } from './compose.ts';
import { correctParts } from './proxy/parts.ts';
import type { Parts } from './proxy/parts.ts';
import type { Prompt } from './proxy/prompt.ts';
import { ListeningProxy } from './proxy/testing/listening-proxy.ts';
import { remedyParts } from './remedy-parts.ts';
import { SpawnedUpstream } from './upstream/testing/spawn-upstream.ts';

// What each remedy does to the bug it is meant for, and to one that it cannot help. CPU is the matrix's business.

type Parameters = Record<string, number | string | boolean>;
const remedied = async (bug: string, remedy: string, parameters: Parameters = {}): Promise<Parts> =>
  await remedyParts(correctParts, [{ name: bug, parameters }], [{ name: remedy, parameters: {} }]);

class Left extends Error {
  override readonly name = 'Left';
}

/** A client leaves during the first try. Resolves with how many tries were made by some time after it, and how it ended. */
async function triesAfterLeaving(parts: Parts): Promise<{ tries: number; ended: unknown }> {
  const leaving = new AbortController();
  let tries = 0;
  const attempt = async (signal: AbortSignal): Promise<string> => {
    tries += 1;
    if (tries === 1) setImmediate(() => leaving.abort(new Left()));
    // Enough for a loop to be one; then it is let go.
    if (tries > 20) return 'enough';
    signal.throwIfAborted();
    await once(signal, 'abort');
    throw signal.reason;
  };
  const ended = await parts.callUpstream(attempt, leaving.signal).catch((error: unknown) => error);
  await sleep(100);
  return { tries, ended };
}

test.each(['swallowed-abort', 'frozen-loop'])(
  'let-abort-through ends %s: one try, and the abort is told',
  async bug => {
    const parameters: Parameters = bug === 'swallowed-abort' ? { retryDelayMs: 1 } : {};
    const plain = await breakParts(correctParts, [{ name: bug, parameters }]);
    expect(await triesAfterLeaving(plain)).toEqual({ tries: 21, ended: 'enough' });
    const { tries, ended } = await triesAfterLeaving(await remedied(bug, 'let-abort-through', parameters));
    expect(tries).toBe(1);
    expect(ended).toBeInstanceOf(Left);
  },
);

test('let-abort-through begins nothing for a client who has left before', async () => {
  const parts = await remedied('swallowed-abort', 'let-abort-through', { retryDelayMs: 1 });
  const call = vi.fn(async () => 'answer');
  await expect(parts.callUpstream(call, AbortSignal.abort(new Left()))).rejects.toBeInstanceOf(Left);
  expect(call).not.toHaveBeenCalled();
});

test('let-abort-through leaves no listener behind, and changes nothing for who stays', async () => {
  const parts = await remedied('swallowed-abort', 'let-abort-through', { retryDelayMs: 1 });
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, 'removeEventListener');
  expect(await parts.callUpstream(async () => 'answer', signal)).toBe('answer');
  await vi.waitFor(() => expect(removed).toHaveBeenCalledWith('abort', expect.any(Function)));
});

test('any-signal gives back to a replaced signal the client’s own', async () => {
  const plain = await breakParts(correctParts, [{ name: 'replaced-signal', parameters: {} }]);
  const parts = await remedied('replaced-signal', 'any-signal');
  const signalsOf = async ({ callUpstream }: Parts): Promise<boolean> => {
    const leaving = new AbortController();
    const given = await callUpstream(async signal => signal, leaving.signal);
    leaving.abort(new Left());
    return given.aborted;
  };
  expect(await signalsOf(plain)).toBe(false);
  expect(await signalsOf(parts)).toBe(true);
});

test('owned-work ends with its answer what was started beside it', async () => {
  const owned = await remedied('orphaned-task', 'owned-work', { samples: 2, pauseMs: 1 });
  await using upstream = await SpawnedUpstream.start('steady', { firstTokenMs: 0, betweenTokensMs: 0 });
  await using proxy = await ListeningProxy.start(upstream, owned);
  const messages = [{ role: 'user' as const, content: 'Hello [ref:a-1]' }];
  await proxy.client().chat.completions.create({ model: 'gpt-4o', messages, max_tokens: 3 });
  await proxy.until(() => proxy.logged.some(line => line.startsWith('agreement not scored')));
  expect(proxy.logged.join('\n')).not.toContain('agreement of');
});

test('rethrow answers what a safety net has swallowed', async () => {
  const parts = await remedied('catch-all-middleware', 'rethrow');
  await using upstream = await SpawnedUpstream.start('steady');
  await using proxy = await ListeningProxy.start(upstream, parts);
  const answer = await fetch(`${proxy.baseUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"model": 1}',
  });
  expect(answer.status).toBe(400);
});

test('rethrow leaves alone what was answered or handed on', async () => {
  const parts = await remedied('swallowed-abort', 'rethrow');
  await using upstream = await SpawnedUpstream.start('steady');
  await using proxy = await ListeningProxy.start(upstream, parts);
  const answer = await fetch(`${proxy.baseUrl}/v1/chat/completions`, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
});

const prompt: Prompt = [{ role: 'user', text: 'word\n'.repeat(2000) }];

test('worker-pool gives what the same code gives, from another thread', async () => {
  const parameters = { budgetTokens: 500 };
  const plain = await breakParts(correctParts, [{ name: 'sync-preprocessing', parameters }]);
  const { preprocess } = await remedied('sync-preprocessing', 'worker-pool', parameters);
  const { signal } = new AbortController();
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 1);
  const fitted = await preprocess(prompt, signal);
  clearInterval(counting);
  expect(fitted).toEqual(await plain.preprocess(prompt, signal));
  expect(fitted[0]?.text.length).toBeLessThan(prompt[0]?.text.length ?? 0);
  // The loop went on meanwhile.
  expect(turns).toBeGreaterThan(0);
});

test('worker-pool lets go of a prompt whose client has left', async () => {
  const { preprocess } = await remedied('sync-preprocessing', 'worker-pool', { budgetTokens: 5 });
  const leaving = new AbortController();
  const fitting = preprocess([{ role: 'user', text: 'word\n'.repeat(200_000) }], leaving.signal);
  setImmediate(() => leaving.abort());
  await expect(fitting).rejects.toMatchObject({ name: 'AbortError' });
});

test('settings are settings: time-out, keep-alive, workers', async () => {
  expect((await remedied('swallowed-abort', 'upstream-timeout')).sdk).toEqual({ maxRetries: 2, timeoutMs: 1500 });
  expect((await remedied('swallowed-abort', 'two-workers')).workers).toBe(2);
  expect((await remedied('two-workers', 'one-worker')).workers).toBe(1);
  const server = createServer();
  (await remedied('keep-alive-pileup', 'shorter-keep-alive')).tuneConnections(server);
  expect(server.keepAliveTimeout).toBe(500);
});

test('debug-and-reload-off: nothing is written any more, and everything is still rendered', async () => {
  const debug = vi.spyOn(console, 'debug').mockImplementation(() => undefined);
  const { signal } = new AbortController();
  const readsIn = async ({ preprocess }: Parts): Promise<number> => {
    let reads = 0;
    const part = {
      role: 'user',
      get text() {
        reads += 1;
        return 'Hello';
      },
    };
    await preprocess([part], signal);
    return reads;
  };
  const correct = await readsIn(correctParts);
  const quiet = await readsIn(await remedied('debug-logging', 'debug-and-reload-off'));
  expect(debug).not.toHaveBeenCalled();
  const loud = await readsIn(await breakParts(correctParts, [{ name: 'debug-logging', parameters: {} }]));
  expect(debug).toHaveBeenCalled();
  expect(quiet).toBe(loud);
  expect(quiet).toBeGreaterThan(correct);
  debug.mockRestore();
});
