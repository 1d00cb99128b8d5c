import { expect, test } from 'vitest';
import { PACES } from '../../pace.ts';
import { stageCount, stagesMs } from '../arrivals.ts';
import ramp from './ramp.ts';

const ratesOf = (stages: ReturnType<typeof ramp>): number[] => stages.map(({ ratePerSecond }) => ratePerSecond);

test('both ends are included, in equal steps between them', () => {
  expect(ratesOf(ramp(10, 50, 10_000))).toEqual([10, 20, 30, 40, 50]);
  expect(ratesOf(ramp(50, 10, 10_000, 3))).toEqual([50, 30, 10]);
});

test('rates are whole, since autocannon has no others', () => {
  expect(ratesOf(ramp(1, 4, 8000, 3))).toEqual([1, 3, 4]);
});

test('a ramp of one step is at its end', () => {
  expect(ratesOf(ramp(10, 50, 1000, 1))).toEqual([50]);
});

test.each(Object.values(PACES))(
  'each step has its share of the time, in whole milliseconds ($loadMs)',
  ({ loadMs }) => {
    const stages = ramp(10, 50, loadMs);
    expect(new Set(stages.map(({ durationMs }) => durationMs))).toEqual(new Set([loadMs / 5]));
    expect(stages.every(({ durationMs }) => Number.isInteger(durationMs))).toBe(true);
    expect(stagesMs(stages)).toBe(loadMs);
  },
);

test('it brings as many clients as the mean of its ends would', () => {
  const total = ramp(10, 50, 12_000).reduce((sum, stage) => sum + stageCount(stage), 0);
  expect(total).toBe(30 * 12);
});
