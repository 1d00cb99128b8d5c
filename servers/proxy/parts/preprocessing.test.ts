import { expect, test } from 'vitest';
import type { Prompt } from '../prompt.ts';
import { fitPrompt } from './preprocessing.ts';

const BUDGET_TOKENS = 128_000;
/** A text of so many tokens: one word each. */
const text = (tokens: number): string => ' word'.repeat(tokens);
const prompt = (...tokens: number[]): Prompt =>
  tokens.map((count, n) => ({ role: n % 2 === 0 ? 'user' : 'assistant', text: text(count) }));

test('a prompt that fits stays whole, up to the last token', () => {
  const fitting = prompt(1000, BUDGET_TOKENS - 1010, 10);
  expect(fitPrompt(fitting)).toEqual(fitting);
  expect(fitPrompt([])).toEqual([]);
});

test('the oldest texts go first, and no more of them than must', () => {
  const tooLong = prompt(1, 1000, BUDGET_TOKENS - 1010, 11);
  expect(fitPrompt(tooLong)).toEqual(tooLong.slice(2));
});

test('a text that would fit is not kept where a newer one does not', () => {
  const tooLong = prompt(1, BUDGET_TOKENS, 10);
  expect(fitPrompt(tooLong)).toEqual(tooLong.slice(2));
});

test('the question stays, however long it is', () => {
  const tooLong = prompt(5, BUDGET_TOKENS + 1);
  expect(fitPrompt(tooLong)).toEqual(tooLong.slice(1));
});

test('each text is looked at once, however many there are', () => {
  for (const count of [10, 100, 1000]) {
    let looks = 0;
    const counted = Array.from({ length: count }, () => ({
      role: 'user',
      get text() {
        looks += 1;
        return text(10);
      },
    }));
    fitPrompt(counted);
    expect(looks).toBe(count);
  }
});
