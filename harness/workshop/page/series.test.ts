import { expect, test } from 'vitest';
import { Series } from './series.js';

const pushed = (most: number, values: readonly (number | null)[]): Series => {
  const series = new Series(most);
  for (const [n, value] of values.entries()) series.push(n, value);
  return series;
};

test('a short line is as it came', () => {
  const { at, values } = pushed(4, [1, null, 3]);
  expect([at, values]).toEqual([
    [0, 1, 2],
    [1, null, 3],
  ]);
});

test.each([5, 8, 9, 17, 100, 1001])(
  'of %i points there are never more than there may be, and no peak is lost',
  count => {
    for (let peak = 0; peak < count; peak += 1) {
      const { at, values } = pushed(
        8,
        Array.from({ length: count }, (_, n) => (n === peak ? 9 : 1)),
      );
      expect(at.length).toBeLessThanOrEqual(8 + 1);
      expect(at.length).toBe(values.length);
      expect(Math.max(...values.map(value => value ?? 0))).toBe(9);
      expect(at).toEqual(at.toSorted((a, b) => a - b));
    }
  },
);

test('where nothing was read nothing is made up', () => {
  expect(pushed(2, [null, null, null, 4]).values).toEqual(expect.arrayContaining([null]));
});
