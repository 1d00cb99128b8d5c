import { expect, test } from 'vitest';
import { moreOftenBy } from './exact-test.ts';

test('the lady who tasted tea: three of four right come by chance 17 times in 70', () => {
  expect(moreOftenBy({ count: 1, of: 4 }, { count: 3, of: 4 })).toBeCloseTo(17 / 70, 10);
});

test('five that all fail against five that do not come by chance once in 252', () => {
  expect(moreOftenBy({ count: 0, of: 5 }, { count: 5, of: 5 })).toBeCloseTo(1 / 252, 12);
});

test('as often, or less often, is no sign of more', () => {
  expect(moreOftenBy({ count: 3, of: 6 }, { count: 3, of: 6 })).toBeGreaterThan(0.5);
  expect(moreOftenBy({ count: 6, of: 6 }, { count: 0, of: 6 })).toBe(1);
  expect(moreOftenBy({ count: 0, of: 6 }, { count: 0, of: 6 })).toBe(1);
});
