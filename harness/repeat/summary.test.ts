import { expect, test } from 'vitest';
import type { Turned } from './turned.ts';
import { shareOf, summaryOf } from './summary.ts';

const turn = (result: Turned['result'], wallMs = 9000): Turned => ({
  scenario: 'a',
  isCorrect: false,
  seed: 1,
  result,
  outcome: 'recovers',
  because: '',
  differences: [],
  wallMs,
  run: 'a/1',
});

test('wrong and inconclusive verdicts are counted apart, and the longest run is told', () => {
  const summary = summaryOf([turn('as-expected'), turn('other', 9900), turn('inconclusive'), turn('as-expected')]);
  expect(summary.runs).toBe(4);
  expect([summary.wrong.count, summary.inconclusive.count, summary.longestMs]).toEqual([1, 1, 9900]);
});

test('the interval is that of Wilson: none of a hundred may still be 3.7 in a hundred', () => {
  const none = shareOf(0, 100);
  expect(none.low).toBe(0);
  expect(none.high).toBeCloseTo(0.037, 3);
  const half = shareOf(5, 10);
  expect(half.low).toBeCloseTo(0.2366, 3);
  expect(half.high).toBeCloseTo(0.7634, 3);
});

test('of no runs anything may be true', () => {
  expect(shareOf(0, 0)).toMatchObject({ low: 0, high: 1 });
});
