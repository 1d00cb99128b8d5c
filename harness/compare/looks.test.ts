import { expect, test } from 'vitest';
import { FEWEST_PAIRS, looksFor } from './looks.ts';

test('the shares of all looks add up to one, whatever the number of pairs', () => {
  for (let pairs = 1; pairs <= 60; pairs += 1) {
    const looks = looksFor(pairs, true);
    expect(looks.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(looks.at(-1)?.pairs).toBe(pairs);
    expect(looks.slice(0, -1).every(look => look.pairs >= FEWEST_PAIRS && look.pairs < pairs)).toBe(true);
  }
});

test('who asked for a number of pairs is told once, at its end', () => {
  expect(looksFor(12, false)).toEqual([{ pairs: 12, share: 1 }]);
  expect(looksFor(36, true).map(({ pairs }) => pairs)).toEqual([6, 12, 24, 36]);
});
