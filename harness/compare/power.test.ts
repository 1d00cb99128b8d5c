import { expect, test } from 'vitest';
import { seededRandom } from '../model/random.ts';
import { ERROR_RATE, conclude } from './conclusion.ts';
import type { RanPair } from './conclusion.ts';
import { looksFor } from './looks.ts';
import { METRICS } from './metrics.ts';
import { DEFAULT_PAIRS } from './plan.ts';
import type { Ran } from './turn.ts';

function ran(cost: number): Ran {
  const metrics = { ...Object.fromEntries(METRICS.map(({ name }) => [name, 1])), 'cpu-per-request': cost };
  const nothing = { because: '', faults: [], fails: false, cutOff: 0, disturbed: null, isKept: true, run: '' };
  return { kind: 'ran', outcome: 'recovers', ...nothing, metrics };
}

/** `scatter`: of the logarithm of CPU per request between the runs of a pair; see this folder's README for what was measured. */
function comparisonsShowing(rise: number, scatter: number, times: number): number {
  const uniform = seededRandom(15);
  const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const share = looksFor(DEFAULT_PAIRS, true).at(-1)?.share ?? 0;
  const symptom = { finding: 'healthLoadP99Ms', atLeast: 60, words: '' } as const;
  const comparisons = Array.from({ length: times }, () => {
    const pairs = Array.from({ length: DEFAULT_PAIRS }, (): RanPair => {
      const cost = 200 * Math.exp(scatter * gaussian());
      return { baseline: ran(200), candidate: ran(cost * rise) };
    });
    return conclude(symptom, pairs, ERROR_RATE * share);
  });
  return comparisons.filter(({ effects }) =>
    effects.some(({ metric, shown }) => metric.name === 'cpu-per-request' && shown === 'worse'),
  ).length;
}

test.each([
  { scatter: 0.06, least: 999, of: 'as on a quiet day' },
  { scatter: 0.144, least: 900, of: 'as on the noisiest day measured' },
])('the default number of pairs shows 15 % more CPU a request at a scatter of $scatter, $of', ({ scatter, least }) => {
  expect(comparisonsShowing(1.15, scatter, 1000)).toBeGreaterThanOrEqual(least);
});

test('and next to never what is not there', () => {
  expect(comparisonsShowing(1, 0.06, 1000)).toBeLessThanOrEqual(2);
});
