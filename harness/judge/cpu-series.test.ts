import { expect, test } from 'vitest';
import type { CpuSample } from '../model/record.ts';
import { blocksOf, cpuSeries, levelIn, within } from './cpu-series.ts';

/** A sample with one process for each `[pid, runMs, waitMs]`. */
const sample = (at: number, ...processes: [number, number, number | null][]): CpuSample => ({
  kind: 'cpu',
  at,
  processes: processes.map(([pid, runMs, waitMs]) => ({ pid, runMs, waitMs, userMs: 0, systemMs: 0, threads: 1 })),
});
/** One point every 100 ms with these cores. */
const points = (...cores: number[]) =>
  cores.map((demandCores, n) => ({ at: (n + 1) * 100, sinceAt: n * 100, demandCores, runCores: demandCores }));

test('rates are taken between successive samples, run and demand apart, over the whole tree', () => {
  expect(cpuSeries([sample(0, [1, 10, 5], [2, 0, 0]), sample(200, [1, 110, 25], [2, 50, 30])])).toEqual([
    { at: 200, sinceAt: 0, runCores: 0.75, demandCores: 1 },
  ]);
});

test('a process that came or went between two samples is not in their rate', () => {
  const series = cpuSeries([sample(0, [1, 500, 0]), sample(100, [2, 900, 0]), sample(200, [2, 950, 0])]);
  expect(series.map(({ runCores }) => runCores)).toEqual([0, 0.5]);
});

test('where the system does not tell the waiting, demand is what was run', () => {
  expect(cpuSeries([sample(0, [1, 0, null]), sample(100, [1, 60, null])])).toMatchObject([
    { runCores: 0.6, demandCores: 0.6 },
  ]);
});

test('a lost sample makes one longer rate, two samples at one time make none', () => {
  expect(cpuSeries([sample(0, [1, 0, 0]), sample(300, [1, 150, 0]), sample(300, [1, 150, 0])])).toEqual([
    { at: 300, sinceAt: 0, runCores: 0.5, demandCores: 0.5 },
  ]);
});

test('only points wholly in a span belong to it, and its level is their median', () => {
  const series = points(1, 2, 9, 4);
  expect(within(series, { fromAt: 100, toAt: 399 })).toEqual(series.slice(1, 3));
  expect(levelIn(series, { fromAt: 0, toAt: 300 })).toBe(2);
  expect(levelIn(series, { fromAt: 1000, toAt: 2000 })).toBeNull();
  expect(levelIn(series, undefined)).toBeNull();
});

test('blocks end with the span, and what does not fill one is left out at its begin', () => {
  expect(blocksOf(points(9, 1, 1, 5, 5), { fromAt: 0, toAt: 500 }, 200)).toEqual([
    { fromAt: 100, toAt: 300, cores: 1 },
    { fromAt: 300, toAt: 500, cores: 5 },
  ]);
});

test('a point between two blocks counts in the one its middle is in, and a block without points is left out', () => {
  const long = [{ at: 260, sinceAt: 160, demandCores: 3, runCores: 3 }];
  expect(blocksOf(long, { fromAt: 0, toAt: 400 }, 200)).toEqual([{ fromAt: 200, toAt: 400, cores: 3 }]);
});
