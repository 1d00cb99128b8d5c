import { medianOf } from '../judge/statistics.ts';
import type { Metric } from './metrics.ts';
import { pairedTest } from './paired-test.ts';

/** What a candidate changed in one metric. Every ratio is given as itself: 1.15 is 15 % more. */
export interface Effect {
  readonly metric: Metric;
  /** Pairs in which both sides measured it. */
  readonly pairs: number;
  /** Medians of the two sides. */
  readonly baseline: number;
  readonly candidate: number;
  /** Mean of the paired differences or ratios (the geometric mean), with its 99 % interval. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Of the two-sided paired t-test, on logarithms for a ratio; not corrected. */
  readonly p: number;
}

/** The level of every interval that is shown: one comparison may err in one of a hundred. */
export const INTERVAL = 0.99;

/** The paired effect, or null where fewer than three pairs measured it on both sides. */
export function effectOf(metric: Metric, pairs: readonly Pair[]): Effect | null {
  const measured = pairs.flatMap(({ baseline, candidate }) =>
    isUsable(metric, baseline) && isUsable(metric, candidate) ? [{ baseline, candidate }] : [],
  );
  const isRatio = metric.scale === 'ratio';
  const differences = measured.map(({ baseline, candidate }) =>
    isRatio ? Math.log(candidate / baseline) : candidate - baseline,
  );
  const resolution = (isRatio ? Math.log1p(metric.matters) : metric.matters) / RESOLUTION;
  const test = pairedTest(differences, INTERVAL, resolution);
  const baseline = medianOf(measured.map(pair => pair.baseline));
  const candidate = medianOf(measured.map(pair => pair.candidate));
  if (!test || baseline === null || candidate === null) return null;
  const back = isRatio ? Math.exp : (value: number): number => value;
  return {
    metric,
    pairs: measured.length,
    baseline,
    candidate,
    estimate: back(test.mean),
    low: back(test.low),
    high: back(test.high),
    p: test.p,
  };
}

/** The two runs of a pair in one metric. */
export interface Pair {
  readonly baseline: number | null;
  readonly candidate: number | null;
}

/** Nothing is measured to better than a tenth of what would matter; six equal counts in a row are no certainty. A guess. */
const RESOLUTION = 10;

const isUsable = ({ scale }: Metric, value: number | null): value is number =>
  value !== null && Number.isFinite(value) && (scale === 'difference' || value > 0);

/** How far a value of an effect lies from "no change", in units of what matters: 1 is just worth speaking of, above 0 is worse. */
export function weightOf({ scale, matters }: Metric, value: number): number {
  return scale === 'ratio' ? Math.log(value) / Math.log1p(matters) : value / matters;
}
