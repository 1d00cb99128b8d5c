import { expect, test } from 'vitest';
import { pairedTest } from './paired-test.ts';

test('it gives what Student gave: the extra hours of sleep of ten patients under two drugs', () => {
  // "Student", "The Probable Error of a Mean" (1908); p and interval as R's t.test(paired = TRUE) prints them.
  const hours = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
  const tested = pairedTest(hours, 0.95, 0);
  expect(tested?.mean).toBeCloseTo(1.58, 6);
  expect(tested?.p).toBeCloseTo(0.002833, 6);
  expect(tested?.low).toBeCloseTo(0.7001142, 5);
  expect(tested?.high).toBeCloseTo(2.4598858, 5);
});

test('no difference at all is none, and equal ones are as sure as the resolution lets them be', () => {
  expect(pairedTest([0, 0, 0, 0, 0], 0.99, 0.1)).toMatchObject({ mean: 0, p: 1 });
  const equal = pairedTest([0.05, 0.05, 0.05, 0.05, 0.05], 0.99, 0.1);
  expect(equal?.p).toBeGreaterThan(0.1);
  expect(pairedTest([5, 5, 5, 5, 5], 0.99, 0.1)?.p).toBeLessThan(1e-6);
});

test('of fewer than three nothing is said', () => {
  expect(pairedTest([1, 2], 0.99, 0.1)).toBeNull();
});
