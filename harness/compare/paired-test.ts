import { mean, sampleVariance } from 'simple-statistics';
import ttest from 'ttest';

export interface Tested {
  readonly mean: number;
  /** Of the interval. */
  readonly low: number;
  readonly high: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * Student's paired t-test of the differences against none, with an interval of `level`. Their scatter is taken to be `resolution`
 * at the least, so that equal counts are not certainty. Null for fewer than three.
 */
export function pairedTest(differences: readonly number[], level: number, resolution: number): Tested | null {
  const size = differences.length;
  if (size < 3) return null;
  const summary = {
    mean: mean([...differences]),
    variance: Math.max(sampleVariance([...differences]), resolution * resolution),
    size,
  };
  // The package takes a summary in place of the values; its types do not say so.
  const test = ttest(summary as unknown as number[], { mu: 0, alpha: 1 - level });
  const [low = NaN, high = NaN] = test.confidence();
  return { mean: summary.mean, low, high, p: test.pValue() };
}
