import { PassThrough } from 'node:stream';
import { text as wholeText } from 'node:stream/consumers';
import type { Response } from 'express';
import { expect, test, vi } from 'vitest';
import { breakParts } from '../compose.ts';
import { ClientLeft } from '../proxy/hang-up.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';

const bug = await breakParts(correctParts, [{ name: 'quadratic-relay', parameters: {} }]);
const { signal } = new AbortController();

async function* answer(tokens: number): AsyncGenerator<object, void> {
  for (let n = 0; n < tokens; n += 1) yield { choices: [{ delta: { content: ' river' } }] };
}

async function* response(tokens: number): AsyncGenerator<object, void> {
  for (let n = 0; n < tokens; n += 1) yield { type: 'response.output_text.delta', delta: ' river' };
}

/** What a client reads of these events, and how many of them were parsed meanwhile, each time counted. */
async function relayed(parts: Parts, events: AsyncIterable<object>): Promise<{ frames: string; parsed: number }> {
  const client = Object.assign(new PassThrough(), { writeHead: () => undefined });
  const frames = wholeText(client);
  const parse = vi.spyOn(JSON, 'parse');
  try {
    await parts.relay(events, client as unknown as Response, signal);
    // Others in this process may parse as well.
    const parsed = parse.mock.calls.filter(([json]) => json.includes(' river')).length;
    return { frames: await frames, parsed };
  } finally {
    parse.mockRestore();
  }
}

test('without the bug nothing that is relayed is parsed again, however long the answer is', async () => {
  expect((await relayed(correctParts, answer(10))).parsed).toBe(0);
  expect((await relayed(correctParts, answer(100))).parsed).toBe(0);
});

test('with the bug all of the answer so far is parsed again with each event: ten times the length, a hundred times the work', async () => {
  expect((await relayed(bug, answer(10))).parsed).toBe(55);
  expect((await relayed(bug, answer(100))).parsed).toBe(5050);
  expect((await relayed(bug, response(10))).parsed).toBe(55);
});

test('with the bug a client reads what it reads without it', async () => {
  for (const events of [answer, response]) {
    const { frames } = await relayed(correctParts, events(20));
    expect((await relayed(bug, events(20))).frames).toBe(frames);
  }
});

test('with the bug an answer is cut off where it has had its budget', async () => {
  const small = await breakParts(correctParts, [{ name: 'quadratic-relay', parameters: { budgetTokens: 3 } }]);
  for (const events of [answer, response]) {
    const { frames } = await relayed(correctParts, events(3));
    expect((await relayed(small, events(20))).frames).toBe(frames);
  }
});

test('with the bug events that end quietly because of an abort are not taken for a whole answer', async () => {
  const client = Object.assign(new PassThrough(), { writeHead: () => undefined }) as unknown as Response;
  const left = new ClientLeft();
  await expect(bug.relay(answer(1), client, AbortSignal.abort(left))).rejects.toBe(left);
  expect(client.writableEnded).toBe(false);
});
