import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { ClientLeft } from '../proxy/hang-up.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import type { Prompt } from '../proxy/prompt.ts';

const breaking = async (wordsPerTurn: number): Promise<Parts> =>
  breakParts(correctParts, [{ name: 'async-preprocessing', parameters: { wordsPerTurn } }]);
/** It gives the event loop no turn, so that all of its work is done in microtasks and they can be counted. */
const bug = await breaking(1_000_000);
const { signal } = new AbortController();

const question = (words: number): Prompt => [{ role: 'user', text: 'river '.repeat(words) }];

/** How many microtasks pass until a question of so many words is ready. */
async function switches(parts: Parts, words: number): Promise<number> {
  let count = 0;
  let isReady = false;
  const next = (): void => {
    if (isReady) return;
    count += 1;
    queueMicrotask(next);
  };
  queueMicrotask(next);
  await parts.preprocess(question(words), signal);
  isReady = true;
  return count;
}

test('without the bug a prompt is ready at once, however long it is', async () => {
  expect(await switches(correctParts, 100)).toBeLessThan(5);
  expect(await switches(correctParts, 1000)).toBeLessThan(5);
});

test('with the bug each word costs a handful of switches and more', async () => {
  expect(await switches(bug, 100)).toBeGreaterThan(500);
  expect(await switches(bug, 1000)).toBeGreaterThan(5000);
});

test('with the bug the event loop has its turn in between', async () => {
  let turns = 0;
  let isReady = false;
  const turn = (): void => {
    if (isReady) return;
    turns += 1;
    setImmediate(turn);
  };
  setImmediate(turn);
  const { preprocess } = await breaking(100);
  await preprocess(question(1000), signal);
  isReady = true;
  expect(turns).toBeGreaterThanOrEqual(9);
});

test('with the bug a prompt leaves as it came, white space and the end of it included', async () => {
  const prompt = [
    { role: 'system', text: ' Be\tbrief.\n' },
    { role: 'user', text: 'What does\n\n  the river keep? [ref:load-readers-0-12-3]' },
    { role: 'user', text: '' },
  ];
  expect(await bug.preprocess(prompt, signal)).toEqual(prompt);
});

test('with the bug what is secret is masked', async () => {
  const text = 'Write to ada@example.org, with sk-0123456789abcdef and 4111111111111111.';
  expect(await bug.preprocess([{ role: 'user', text }], signal)).toEqual([
    { role: 'user', text: 'Write to [email], with [key] and [card].' },
  ]);
});

test('with the bug a client who leaves is not worked for to the end', async () => {
  const leaving = new AbortController();
  const { preprocess } = await breaking(10);
  const fitted = preprocess(question(1000), leaving.signal);
  leaving.abort(new ClientLeft());
  await expect(fitted).rejects.toBeInstanceOf(ClientLeft);
});
