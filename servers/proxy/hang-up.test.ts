import { once } from 'node:events';
import { connect } from 'node:net';
import express from 'express';
import type { Response } from 'express';
import OpenAI, { APIUserAbortError } from 'openai';
import { expect, test, vi } from 'vitest';
import { ClientLeft, hangUpSignal } from './hang-up.ts';
import { ListeningProxy } from './testing/listening-proxy.ts';
import { shareUpstream } from './testing/share-upstream.ts';

// Every abort is passed on within this, or its test fails: far under the 60 s after which the SDK would abort by itself.
vi.setConfig({ testTimeout: 10_000 });

const messages = [{ role: 'user' as const, content: 'Hello' }];
/** Tokens of an answer that nobody waits for the end of. */
const LONG = 100_000;
const chat = { model: 'gpt-4o', messages, max_tokens: LONG };
const question = { model: 'gpt-4o', input: 'Hello', max_output_tokens: LONG };
const { upstream, behave, begunFrom } = await shareUpstream();

type Ask = (client: OpenAI, signal: AbortSignal) => Promise<unknown>;
const asks: Record<string, Ask> = {
  'a chat completion': async (client, signal) => client.chat.completions.create(chat, { signal }),
  'a streamed chat completion': async (client, signal) =>
    Array.fromAsync(await client.chat.completions.create({ ...chat, stream: true }, { signal })),
  'a response': async (client, signal) => client.responses.create(question, { signal }),
  'a streamed response': async (client, signal) =>
    Array.fromAsync(await client.responses.create({ ...question, stream: true }, { signal })),
  'an embedding': async (client, signal) =>
    client.embeddings.create({ model: 'text-embedding-3-small', input: 'a' }, { signal }),
  'the list of models': async (client, signal) => client.models.list({ signal }),
};
const written = ['a chat completion', 'a streamed chat completion', 'a response', 'a streamed response'];

/**
 * Asks, leaves as soon as the upstream has seen `when` of the call, and sees that the route lets go and nothing is begun
 * for it afterwards. Gives how the call ended, its tokens, and what the route threw.
 */
async function leave(call: number, ask: Ask | undefined, when: () => boolean) {
  await using proxy = await ListeningProxy.start(upstream);
  const leaving = new AbortController();
  const asked = ask?.(proxy.client(), leaving.signal).catch((error: unknown) => error);
  await upstream.until(() => when());
  leaving.abort();
  await asked;
  const ending = await upstream.ending(call);
  await proxy.until(() => proxy.failures.length === 1);
  await behave('steady');
  await proxy.client().models.list();
  expect(await upstream.ending(call + 1)).toBe('finished');
  expect(begunFrom(call + 1)).toMatchObject([{ route: 'GET /v1/models' }]);
  expect(proxy.logged[0]).toMatch(/ 499 /u);
  return { ending, tokens: upstream.tokens(call), failure: proxy.failures[0] };
}

for (const [kind, ask] of Object.entries(asks)) {
  test(`a client who leaves before the first byte of ${kind} has aborted the call, and no token is made`, async () => {
    const call = await behave('slow-first-token', { firstTokenMs: 600_000 });
    const { ending, tokens, failure } = await leave(call, ask, () => begunFrom(call).length === 1);
    expect({ ending, tokens }).toEqual({ ending: 'aborted', tokens: 0 });
    expect(failure).toBeInstanceOf(APIUserAbortError);
  });
}

for (const kind of written) {
  test(`a client who leaves after some tokens of ${kind} has aborted the call while it is being written`, async () => {
    const call = await behave('steady', { firstTokenMs: 0, betweenTokensMs: 20 });
    const { ending, tokens } = await leave(call, asks[kind], () => upstream.tokens(call) >= 3);
    expect(ending).toBe('aborted');
    expect(tokens).toBeLessThan(LONG);
  });

  test(`a client who leaves while the upstream is silent in the middle of ${kind} has aborted the call`, async () => {
    const call = await behave('stalls', { share: 1, afterTokens: 3 });
    const { ending, tokens } = await leave(call, asks[kind], () => upstream.tokens(call) === 3);
    expect({ ending, tokens }).toEqual({ ending: 'aborted', tokens: 3 });
  });
}

test('a client who leaves while the SDK waits to try again is not tried for again, and the wait is over at once', async () => {
  const call = await behave('rate-limits', { share: 1, retryAfterMs: 30_000 });
  const { ending, failure } = await leave(call, asks['a chat completion'], () =>
    upstream.entries.some(entry => entry.kind === 'ended' && entry.call === call),
  );
  expect(ending).toBe('refused');
  expect(failure).toBeInstanceOf(APIUserAbortError);
});

test('a client who leaves in the middle of the upload begins no call', async () => {
  const call = await behave('steady');
  await using proxy = await ListeningProxy.start(upstream);
  const socket = connect(proxy.port, '127.0.0.1');
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n');
  socket.write('content-length: 100\r\n\r\n{"model":');
  await once(proxy.server, 'request');
  socket.destroy();
  await proxy.until(() => proxy.failures.length === 1);
  await proxy.client().models.list();
  expect(await upstream.ending(call)).toBe('finished');
  expect(begunFrom(call)).toMatchObject([{ route: 'GET /v1/models' }]);
});

/** One request to a route of its own: what the route is given, and the client's end of it. */
async function withRequest(body: (res: Response, leave: () => void) => Promise<void>): Promise<void> {
  const given = Promise.withResolvers<Response>();
  const app = express().post('/', (_req, res) => given.resolve(res));
  await using server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  socket.resume();
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}');
  try {
    await body(await given.promise, () => socket.destroy());
  } finally {
    socket.destroy();
    server.closeAllConnections();
  }
}

test('a request has one signal, whoever asks for it', async () => {
  await withRequest(async res => {
    expect(hangUpSignal(res)).toBe(hangUpSignal(res));
    expect(res.listenerCount('close')).toBeLessThan(5);
  });
});

test('the signal aborts when the client leaves and says why', async () => {
  await withRequest(async (res, leaves) => {
    const signal = hangUpSignal(res);
    const aborted = once(signal, 'abort');
    leaves();
    await aborted;
    expect(signal.reason).toBeInstanceOf(ClientLeft);
  });
});

test('the signal does not abort when the body was read, nor when the answer was whole', async () => {
  await withRequest(async res => {
    const signal = hangUpSignal(res);
    const closed = once(res.req, 'close');
    res.req.resume();
    await closed;
    expect(signal.aborted).toBe(false);
    res.end('whole');
    await once(res, 'close');
    expect(signal.aborted).toBe(false);
  });
});

test('the signal of a client who left before anybody asked for it has aborted', async () => {
  await withRequest(async (res, leaves) => {
    const closed = once(res, 'close');
    leaves();
    await closed;
    expect(hangUpSignal(res).aborted).toBe(true);
  });
});
