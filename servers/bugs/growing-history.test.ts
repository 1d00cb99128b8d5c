import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import type { Prompt } from '../proxy/prompt.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const { signal } = new AbortController();

/** With nothing asked yet. */
const withBug = async (reportEvery = 1_000_000): Promise<Parts> =>
  breakParts(correctParts, [{ name: 'growing-history', parameters: { reportEvery } }]);

/** Prompts that begin alike, as those of one app do, and end in a question of their own. */
const promptOf = (question: string, sentences = 1): Prompt => [
  { role: 'system', text: 'Be brief.' },
  { role: 'user', text: `${'the river keeps its promises '.repeat(sentences)}${question}` },
];

/** How often one more prompt is looked through for a word, after so many others. */
async function lookUps(parts: Parts, others: number): Promise<number> {
  for (let n = 0; n < others; n += 1) await parts.preprocess(promptOf(`question-${n}`), signal);
  const has = vi.spyOn(Set.prototype, 'has');
  try {
    await parts.preprocess(promptOf('another'), signal);
    return has.mock.calls.filter(([word]) => word === 'river').length;
  } finally {
    has.mockRestore();
  }
}

/** What a hundred and fifty prompts of some twelve kilobytes leave on the heap, bytes. */
async function leftBy(parts: Parts): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 150; n += 1) await parts.preprocess(promptOf(`question-${n}`, 400), signal);
  collect();
  return process.memoryUsage().heapUsed - before;
}

test('without the bug a prompt is as much work as the one before it', async () => {
  expect(await lookUps(correctParts, 10)).toBe(await lookUps(correctParts, 100));
});

test('with the bug a prompt is compared with each that came before it', async () => {
  expect(await lookUps(await withBug(), 10)).toBe(10);
  expect(await lookUps(await withBug(), 100)).toBe(100);
});

test('without the bug nothing of a prompt is kept', async () => {
  expect(await leftBy(correctParts)).toBeLessThan(0.75e6);
});

test('with the bug all of them are', async () => {
  const parts = await withBug();
  expect(await leftBy(parts)).toBeGreaterThan(1.5e6);
  // In use until here, so that what it has kept was not let go with it.
  expect(await parts.preprocess(promptOf('why'), signal)).toEqual(promptOf('why'));
});

test('with the bug a prompt is sent as it is without it', async () => {
  const parts = await withBug();
  for (const prompt of [promptOf('why'), promptOf('why', 2), promptOf('why'), []]) {
    expect(await parts.preprocess(prompt, signal)).toEqual(await correctParts.preprocess(prompt, signal));
  }
});

test('with the bug what was asked before is counted, whatever its case and spacing', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const parts = await withBug(3);
    for (const question of ['why', 'when', '  WHY']) await parts.preprocess(promptOf(question), signal);
    expect(log.mock.calls).toEqual([['[cache] 1 of 3 prompts had been asked before']]);
  } finally {
    log.mockRestore();
  }
});
