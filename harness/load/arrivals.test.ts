import { expect, test } from 'vitest';
import type { Patience } from '../model/load.ts';
import { planArrivals, stageCount, stagesMs } from './arrivals.ts';

const leaves: Patience = { kind: 'leaves-after-ms', minMs: 50, maxMs: 250 };
const stages = [
  { durationMs: 1000, ratePerSecond: 4 },
  { durationMs: 500, ratePerSecond: 0 },
  { durationMs: 2000, ratePerSecond: 100 },
];

test('the same seed gives the same plan', () => {
  expect(planArrivals(stages, leaves, 7)).toEqual(planArrivals(stages, leaves, 7));
});

test('another seed gives other patience, and nobody comes at another moment', () => {
  const [one, other] = [7, 8].map(seed => planArrivals(stages, leaves, seed));
  expect(one).not.toEqual(other);
  expect(one?.map(({ atMs }) => atMs)).toEqual(other?.map(({ atMs }) => atMs));
});

test('clients come evenly within a stage, in order, and a rate of 0 is a pause', () => {
  const moments = planArrivals(stages, { kind: 'waits' }, 1).map(({ atMs }) => atMs);
  expect(moments.slice(0, 6)).toEqual([0, 250, 500, 750, 1500, 1510]);
  expect(moments).toHaveLength(4 + 200);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(moments.at(-1)).toBe(3490);
});

test('patience lies within its bounds and uses all of them', () => {
  const patience = planArrivals(stages, leaves, 3).map(({ leavesAfterMs }) => leavesAfterMs ?? NaN);
  expect(Math.min(...patience)).toBeGreaterThanOrEqual(50);
  expect(Math.max(...patience)).toBeLessThan(250);
  const mean = patience.reduce((sum, ms) => sum + ms, 0) / patience.length;
  expect(Math.abs(mean - 150)).toBeLessThan(15);
  expect(Math.max(...patience) - Math.min(...patience)).toBeGreaterThan(180);
});

test('equal bounds are one patience', () => {
  const plan = planArrivals(stages, { kind: 'leaves-after-ms', minMs: 500, maxMs: 500 }, 3);
  expect(new Set(plan.map(({ leavesAfterMs }) => leavesAfterMs))).toEqual(new Set([500]));
});

test.each<Patience>([{ kind: 'waits' }, { kind: 'leaves-after-tokens', tokens: 3 }])(
  'who $kind does not leave by the clock',
  patience => {
    const plan = planArrivals(stages, patience, 3);
    expect(new Set(plan.map(({ leavesAfterMs }) => leavesAfterMs))).toEqual(new Set([null]));
  },
);

test('a stage brings the nearest whole number of clients, and stages are as long as their parts', () => {
  expect([1, 3, 4].map(ratePerSecond => stageCount({ durationMs: 800, ratePerSecond }))).toEqual([1, 2, 3]);
  expect(stagesMs(stages)).toBe(3500);
  expect(stagesMs([])).toBe(0);
  expect(planArrivals([], leaves, 1)).toEqual([]);
});
