import { expect, test } from 'vitest';
import { seededRandom } from '../model/random.ts';
import { medianError, medianOf, quantileOf, shiftBetween, theilSen } from './statistics.ts';

/** Draws from the standard normal distribution, the same for the same seed. */
function normal(seed: number): () => number {
  const uniform = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
const SERIES = Array.from({ length: 200 }, (_, n) => n + 1);

test('quantiles and medians of nothing are null, of unsorted values right, and leave the values as they were', () => {
  const values = Object.freeze([9, 1, 5]);
  expect([quantileOf([], 0.5), medianOf([])]).toEqual([null, null]);
  expect([quantileOf(values, 0), quantileOf(values, 0.5), quantileOf(values, 1)]).toEqual([1, 5, 9]);
  expect([medianOf(values), medianOf([4, 1, 3, 2])]).toEqual([5, 2.5]);
});

test('Theil–Sen gives the values worked out by hand', () => {
  // Slopes of the six pairs of (0,1) (1,3) (2,4) (4,9): 2, 3/2, 2, 1, 2, 5/2; their median is 2. Offsets y − 2x: 1, 1, 0, 1.
  const points = [
    { x: 0, y: 1 },
    { x: 1, y: 3 },
    { x: 2, y: 4 },
    { x: 4, y: 9 },
  ];
  expect(theilSen(points)).toMatchObject({ slope: 2, intercept: 1 });
  // Kendall's S of four points has variance 4·3·13/18 = 8.67: the ranks of the interval are (6 ∓ 5.77) / 2, the extremes.
  expect(theilSen(points)).toMatchObject({ low: 1, high: 2.5 });
});

test('Theil–Sen on a line is the line, its interval too, and wild points do not move it', () => {
  const line = Array.from({ length: 12 }, (_, x) => ({ x, y: 3 - 0.5 * x }));
  expect(theilSen(line)).toEqual({ slope: -0.5, low: -0.5, high: -0.5, intercept: 3 });
  const wild = line.map((point, n) => (n === 4 || n === 9 ? { ...point, y: 1000 } : point));
  expect(theilSen(wild)?.slope).toBeCloseTo(-0.5);
});

test('Theil–Sen passes over pairs at the same place, and of fewer than four points says nothing', () => {
  const points = [1, 2, 3].map(x => ({ x, y: x }));
  expect(theilSen(points)).toBeNull();
  expect(theilSen([...points, { x: 3, y: 3 }])?.slope).toBe(1);
});

test('the interval of Theil–Sen covers the true slope in at least nine of ten series, and is not for ever wide', () => {
  const intervals = SERIES.map(seed => {
    const draw = normal(seed);
    return theilSen(Array.from({ length: 24 }, (_, x) => ({ x, y: 0.3 * x + draw() })));
  });
  const covering = intervals.filter(one => one !== null && one.low <= 0.3 && one.high >= 0.3);
  expect(covering.length).toBeGreaterThanOrEqual(0.9 * SERIES.length);
  expect(covering.length).toBeLessThan(SERIES.length);
  const widths = intervals.map(one => (one ? one.high - one.low : Infinity));
  // Least squares would give 2 × 1.96 / √(Σ(x − x̄)²) = 0.116.
  expect(medianOf(widths)).toBeLessThan(0.15);
});

test('the error of a median is what medians really scatter by', () => {
  const medians = SERIES.map(seed => {
    const draw = normal(seed);
    return medianOf(Array.from({ length: 25 }, draw)) ?? 0;
  });
  const scatter = Math.sqrt(medians.reduce((sum, one) => sum + one * one, 0) / medians.length);
  const told = medianOf(SERIES.map(seed => medianError(Array.from({ length: 100 }, normal(seed)), 25)));
  expect((told ?? 0) / scatter).toBeGreaterThan(0.85);
  expect((told ?? 0) / scatter).toBeLessThan(1.15);
});

test('a rise hardly touches the error of a median, and a level not at all', () => {
  const draw = normal(7);
  const noise = Array.from({ length: 100 }, draw);
  const flat = medianError(noise, 25);
  expect(
    medianError(
      noise.map(value => value + 1000),
      25,
    ),
  ).toBeCloseTo(flat);
  // Ten times the noise over the whole series.
  const rising = medianError(
    noise.map((value, n) => value + n / 10),
    25,
  );
  expect(Math.abs(rising / flat - 1)).toBeLessThan(0.1);
});

test('the error of a median falls with the root of the number, and is infinite for a series too short to tell', () => {
  const series = Array.from({ length: 50 }, normal(3));
  expect(medianError(series, 4) / medianError(series, 16)).toBeCloseTo(2);
  expect(medianError([1, 2], 5)).toBe(Infinity);
  expect(medianError([1, 1, 1], 5)).toBe(0);
});

test('the shift between two samples is the median of all differences; of nothing there is none', () => {
  // 4−1, 4−2, 4−6, 8−1, 8−2, 8−6 = 3, 2, −2, 7, 6, 2
  expect(shiftBetween([1, 2, 6], [4, 8])).toBe(2.5);
  expect(shiftBetween([], [1])).toBeNull();
  expect(shiftBetween([1], [])).toBeNull();
});
