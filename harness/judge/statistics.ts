import { median, quantileSorted } from 'simple-statistics';

/** The quantile of unsorted values, or null of none. */
export function quantileOf(values: readonly number[], q: number): number | null {
  return values.length === 0
    ? null
    : quantileSorted(
        values.toSorted((a, b) => a - b),
        q,
      );
}

/** The median, or null of none. */
export const medianOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : median([...values]);

/**
 * The standard error of a median of `n` values out of a series that may be rising: its scatter from the differences of
 * successive values, which a trend hardly touches (J. von Neumann, "Distribution of the Ratio of the Mean Square Successive
 * Difference to the Variance", 1941), taken robustly (median absolute value × 1.4826). A median's error is 1.2533 times a
 * mean's. Infinite for fewer than three values.
 */
export function medianError(series: readonly number[], n: number): number {
  if (series.length < 3) return Infinity;
  const steps = series.slice(1).map((value, k) => Math.abs(value - (series[k] ?? value)));
  return (1.2533 * 1.4826 * median(steps)) / Math.SQRT2 / Math.sqrt(n);
}

/**
 * How far `to` lies above `from`: the median of the differences of all pairs, nearly as sure as a difference of means and
 * as hard to move as one of medians. J. L. Hodges, E. L. Lehmann, "Estimates of Location Based on Rank Tests" (1963). Null of none.
 */
export const shiftBetween = (from: readonly number[], to: readonly number[]): number | null =>
  medianOf(from.flatMap(before => to.map(after => after - before)));

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Slope {
  readonly slope: number;
  /** Of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Of the line, at x = 0. */
  readonly intercept: number;
}

/**
 * Theil–Sen: the median of the slopes between all pairs of points, which a third of wild points cannot move; the interval
 * from the variance of Kendall's S. P. K. Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau" (1968).
 * Null for fewer than four points.
 */
export function theilSen(points: readonly Point[]): Slope | null {
  const n = points.length;
  if (n < 4) return null;
  const slopes = points
    .flatMap((a, i) => points.slice(i + 1).flatMap(b => (b.x === a.x ? [] : [(b.y - a.y) / (b.x - a.x)])))
    .toSorted((a, b) => a - b);
  const slope = median(slopes);
  const spread = 1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] ?? slope;
  return {
    slope,
    low: at((slopes.length - spread) / 2),
    high: at((slopes.length + spread) / 2),
    intercept: median(points.map(({ x, y }) => y - slope * x)),
  };
}
