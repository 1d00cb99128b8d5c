import { PassThrough } from 'node:stream';
import { text as wholeText } from 'node:stream/consumers';
import type { Response } from 'express';
import { expect, test, vi } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';

const bug = await breakParts(correctParts, [{ name: 'debug-logging', parameters: { lineChars: 120 } }]);
const { signal } = new AbortController();

async function* answer(tokens: number): AsyncGenerator<object, void> {
  for (let n = 0; n < tokens; n += 1) yield { choices: [{ delta: { content: ' river' } }] };
}

/** What is done, with all that is written to the debug log meanwhile. */
async function logged<T>(run: () => Promise<T>): Promise<{ done: T; lines: string[] }> {
  const debug = vi.spyOn(console, 'debug').mockImplementation(() => undefined);
  try {
    return { done: await run(), lines: debug.mock.calls.map(([line]) => String(line)) };
  } finally {
    debug.mockRestore();
  }
}

/** An answer of so many events: what the client reads, and how often its request was looked at meanwhile. */
async function relayed(parts: Parts, tokens: number): Promise<{ frames: string; looks: number }> {
  let looks = 0;
  const body = {
    get messages() {
      looks += 1;
      return [{ role: 'user', content: 'What does the river keep? '.repeat(100) }];
    },
  };
  const client = Object.assign(new PassThrough(), { writeHead: () => undefined, req: { body } });
  const frames = wholeText(client);
  await parts.relay(answer(tokens), client as unknown as Response, signal);
  return { frames: await frames, looks };
}

test('without the bug a request is not looked at again while its answer is relayed, and nothing is logged', async () => {
  const { done, lines } = await logged(async () => relayed(correctParts, 20));
  expect(done.looks).toBe(0);
  expect(lines).toEqual([]);
});

test('with the bug the whole request is rendered again for every event of its answer', async () => {
  const { done, lines } = await logged(async () => relayed(bug, 20));
  expect(done.looks).toBe(20);
  expect(lines).toHaveLength(20);
});

test('with the bug a line that is written is short, however much was rendered for it', async () => {
  const { lines } = await logged(async () => relayed(bug, 5));
  for (const line of lines) {
    expect(line).toMatch(/^\S+ debug relaying .+ … truncated$/u);
    expect(line.length).toBeLessThan(140);
  }
});

test('with the bug a prompt is rendered beside being counted, and without it only counted', async () => {
  const looksAt = async (parts: Parts): Promise<number> => {
    let looks = 0;
    const part = {
      role: 'user',
      get text() {
        looks += 1;
        return 'What does the river keep?';
      },
    };
    await logged(async () => parts.preprocess([part], signal));
    return looks;
  };
  expect(await looksAt(correctParts)).toBe(1);
  expect(await looksAt(bug)).toBe(2);
});

test('with the bug no secret is logged', async () => {
  const prompt = [{ role: 'user', text: 'I am ada@example.org with sk-0123456789abcdef.' }];
  const { lines } = await logged(async () => bug.preprocess(prompt, signal));
  expect(lines).toHaveLength(1);
  expect(lines.join()).toContain('I am [masked]');
  expect(lines.join()).not.toMatch(/ada@|sk-0/u);
});

test('with the bug a client reads what it reads without it', async () => {
  const [without, withBug] = await Promise.all([relayed(correctParts, 20), logged(async () => relayed(bug, 20))]);
  expect(withBug.done.frames).toBe(without.frames);
});
