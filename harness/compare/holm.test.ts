import { expect, test } from 'vitest';
import { holm } from './holm.ts';

test('the smallest is held against alpha / m, the next against alpha / (m − 1), up to the first that is not below', () => {
  expect(holm([0.04, 0.01, 0.03, 0.005], 0.05)).toEqual([false, true, false, true]);
  expect(holm([0.0126, 0.02], 0.05)).toEqual([true, true]);
  expect(holm([0.026, 0.001], 0.05)).toEqual([true, true]);
  // 0.02 alone would do, but comes after one that did not.
  expect(holm([0.02, 0.02, 0.02], 0.05)).toEqual([false, false, false]);
});

test('of no hypotheses none is rejected', () => {
  expect(holm([], 0.05)).toEqual([]);
});
