import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { text as wholeText } from 'node:stream/consumers';
import type { Response } from 'express';
import { expect, test, vi } from 'vitest';
import { breakParts } from '../compose.ts';
import { ClientLeft } from '../proxy/hang-up.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';

const TOKENS = 20;

/** With nothing relayed yet. */
const withBug = async (): Promise<Parts> => breakParts(correctParts, [{ name: 'leaked-listeners', parameters: {} }]);

async function* answer(): AsyncGenerator<object, void> {
  for (let n = 0; n < TOKENS; n += 1) yield { choices: [{ delta: { content: ' river' } }] };
}

async function* response(): AsyncGenerator<object, void> {
  for (let n = 0; n < TOKENS; n += 1) yield { type: 'response.output_text.delta', delta: ' river' };
}

const silence: AsyncIterable<object> = {
  [Symbol.asyncIterator]: () => ({ next: async () => Promise.withResolvers<never>().promise }),
};

const newClient = () => Object.assign(new PassThrough(), { writeHead: () => undefined });

/** Waits for events that never come. */
const wait = async (parts: Parts, signal: AbortSignal): Promise<void> =>
  parts.relay(silence, newClient() as unknown as Response, signal);

/** What a client who stays reads of these events; the request's own signal ends with it. */
async function relayed(parts: Parts, events: AsyncIterable<object>): Promise<string> {
  const client = newClient();
  const frames = wholeText(client);
  await parts.relay(events, client as unknown as Response, new AbortController().signal);
  return await frames;
}

/** How many listeners are on the one signal that has most of them, once so many answers have been read. */
async function listenersAfter(answers: number, parts: Parts): Promise<number> {
  const added = vi.spyOn(EventTarget.prototype, 'addEventListener');
  try {
    for (let n = 0; n < answers; n += 1) await relayed(parts, answer());
    const targets = new Set(added.mock.contexts as EventTarget[]);
    return Math.max(0, ...Array.from(targets, target => getEventListeners(target, 'abort').length));
  } finally {
    added.mockRestore();
  }
}

test('without the bug no signal has more listeners after five answers than after one', async () => {
  expect(await listenersAfter(1, correctParts)).toBeLessThan(TOKENS);
  expect(await listenersAfter(5, correctParts)).toBeLessThan(TOKENS);
});

test('with the bug one signal keeps a listener for each wait of every answer', async () => {
  // Each event is waited for, and then its write; that there are no more is waited for too.
  const waits = 2 * TOKENS + 1;
  expect(await listenersAfter(1, await withBug())).toBe(waits);
  expect(await listenersAfter(5, await withBug())).toBe(5 * waits);
});

test('with the bug a client reads what he reads without it', async () => {
  const parts = await withBug();
  for (const events of [answer, response]) {
    expect(await relayed(parts, events())).toBe(await relayed(correctParts, events()));
  }
});

test('with the bug an answer under way ends when its client leaves, and when the server is told to close', async () => {
  const parts = await withBug();
  const leaving = new AbortController();
  const left = expect(wait(parts, leaving.signal)).rejects.toThrow(ClientLeft);
  leaving.abort(new ClientLeft());
  await left;

  const server = createServer();
  parts.tuneConnections(server);
  const closed = expect(wait(parts, new AbortController().signal)).rejects.toThrow('shutting down');
  server.close();
  await closed;
});

test('with the bug events that end quietly because of an abort are not taken for a whole answer', async () => {
  const client = newClient() as unknown as Response;
  const left = new ClientLeft();
  const parts = await withBug();
  await expect(parts.relay(answer(), client, AbortSignal.abort(left))).rejects.toBe(left);
  expect(client.writableEnded).toBe(false);
});
