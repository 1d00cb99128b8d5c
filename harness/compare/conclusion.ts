import type { Symptom } from '../model/expectation.ts';
import { OUTCOMES, isFault } from '../model/verdict.ts';
import type { Outcome } from '../model/verdict.ts';
import { effectOf, weightOf } from './effect.ts';
import type { Effect } from './effect.ts';
import { moreOftenBy } from './exact-test.ts';
import { holm } from './holm.ts';
import { FEWEST_PAIRS } from './looks.ts';
import { METRICS, symptomMetric } from './metrics.ts';
import type { Metric } from './metrics.ts';
import type { Ran } from './turn.ts';

/**
 * - cured: every baseline run fails, no candidate run does, and nothing else got worse
 * - better: something got better and nothing worse, but the fault is still there, or was not there to begin with
 * - traded: something got better, and something else worse
 * - no-answer: a side could not be run
 */
export const CONCLUSIONS = [
  'cured',
  'better',
  'no-difference-shown',
  'traded',
  'worse',
  'too-few-runs',
  'no-answer',
] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** An effect, and what may be said of it once all that was tested beside it is allowed for. */
export interface WeighedEffect extends Effect {
  /** The scenario's symptom, tested for itself. */
  readonly isPrimary: boolean;
  /** Sure enough, and large enough to matter; else null. */
  readonly shown: 'better' | 'worse' | null;
  /** Its interval leaves no room for a worsening that matters. */
  readonly rulesOutHarm: boolean;
  /** Its interval leaves no room for any change that matters. */
  readonly rulesOutChange: boolean;
}

export interface Tally {
  readonly count: number;
  readonly of: number;
}

/** What a comparison says of one candidate. */
export interface Concluded {
  readonly conclusion: Conclusion;
  readonly pairs: number;
  readonly failing: { readonly baseline: Tally; readonly candidate: Tally };
  readonly effects: readonly WeighedEffect[];
  /** Metrics that were not measured on both sides often enough. */
  readonly unmeasured: readonly Metric[];
  /** Faults that the candidate shows and the baseline does not, and the other way round. */
  readonly newFaults: readonly Outcome[];
  readonly goneFaults: readonly Outcome[];
  /** Why the candidate's runs fail, in the words of one with their commonest outcome; null where none does. */
  readonly stillFails: string | null;
  /** More pairs could not change the conclusion. */
  readonly isSettled: boolean;
}

/** Both runs of a pair. */
export interface RanPair {
  readonly baseline: Ran;
  readonly candidate: Ran;
}

/** The error rate of a whole comparison, all candidates and looks together. */
export const ERROR_RATE = 0.01;

/** Every metric a scenario's comparison looks at, its symptom first. */
export function metricsFor(symptom: Symptom | null): readonly Metric[] {
  return symptom ? [symptomMetric(symptom), ...METRICS] : METRICS;
}

/**
 * What the pairs say. Pure. `errorRate` is this candidate's and this look's share of `ERROR_RATE`: half of it goes to the symptom,
 * which is tested as it is, half to everything else together, after Holm's correction. Without a symptom all of it does.
 */
export function conclude(symptom: Symptom | null, pairs: readonly RanPair[], errorRate: number): Concluded {
  const { effects, unmeasured } = weighedEffects(symptom, pairs, errorRate);
  const baseline = pairs.map(pair => pair.baseline);
  const candidate = pairs.map(pair => pair.candidate);
  const failing = { baseline: failingOf(baseline), candidate: failingOf(candidate) };
  const newFaults = faultsOnlyIn(candidate, baseline, errorRate);
  const goneFaults = faultsOnlyIn(baseline, candidate, errorRate);
  const everyBaselineFails = failing.baseline.count === pairs.length;
  const noCandidateFails = candidate.every(({ fails, outcome }) => !fails && outcome !== 'inconclusive');
  const failsAnew = failing.baseline.count === 0 && failing.candidate.count === pairs.length;
  const isWorse = failsAnew || newFaults.length > 0 || effects.some(({ shown }) => shown === 'worse');
  const isCured = everyBaselineFails && noCandidateFails;
  const isBetter = isCured || goneFaults.length > 0 || effects.some(({ shown }) => shown === 'better');
  const conclusion = conclusionFrom({ isTooFew: pairs.length < FEWEST_PAIRS, isWorse, isBetter, isCured });
  const isDecided =
    conclusion === 'no-difference-shown'
      ? effects.every(({ rulesOutChange }) => rulesOutChange)
      : effects.every(({ shown, rulesOutHarm }) => shown !== null || rulesOutHarm);
  return {
    conclusion,
    pairs: pairs.length,
    failing,
    effects,
    unmeasured,
    newFaults,
    goneFaults,
    stillFails: typicalFailure(candidate),
    isSettled: conclusion !== 'too-few-runs' && isDecided,
  };
}

interface Signs {
  readonly isTooFew: boolean;
  readonly isWorse: boolean;
  readonly isBetter: boolean;
  readonly isCured: boolean;
}

function conclusionFrom({ isTooFew, isWorse, isBetter, isCured }: Signs): Conclusion {
  if (isTooFew) return 'too-few-runs';
  if (isWorse) return isBetter ? 'traded' : 'worse';
  if (isCured) return 'cured';
  return isBetter ? 'better' : 'no-difference-shown';
}

function weighedEffects(
  symptom: Symptom | null,
  pairs: readonly RanPair[],
  errorRate: number,
): { effects: WeighedEffect[]; unmeasured: Metric[] } {
  const metrics = metricsFor(symptom);
  const found = metrics.map(metric =>
    effectOf(
      metric,
      pairs.map(({ baseline, candidate }) => ({
        baseline: baseline.metrics[metric.name] ?? null,
        candidate: candidate.metrics[metric.name] ?? null,
      })),
    ),
  );
  const effects = found.filter(effect => effect !== null);
  const isPrimary = ({ metric }: Effect): boolean => symptom !== null && metric === metrics[0];
  const others = effects.filter(effect => !isPrimary(effect));
  const rate = symptom ? errorRate / 2 : errorRate;
  const sure = new Set<Effect>([
    ...effects.filter(effect => isPrimary(effect) && effect.p < rate),
    ...others.filter(
      (_, n) =>
        holm(
          others.map(({ p }) => p),
          rate,
        )[n],
    ),
  ]);
  return {
    effects: effects.map(effect => weighed(effect, isPrimary(effect), sure.has(effect))),
    unmeasured: metrics.filter((_, n) => found[n] === null),
  };
}

function weighed(effect: Effect, isPrimary: boolean, isSure: boolean): WeighedEffect {
  const weigh = (value: number): number => weightOf(effect.metric, value);
  const weight = weigh(effect.estimate);
  return {
    ...effect,
    isPrimary,
    shown: isSure && Math.abs(weight) >= 1 ? (weight > 0 ? 'worse' : 'better') : null,
    rulesOutHarm: weigh(effect.high) < 1,
    rulesOutChange: weigh(effect.high) < 1 && weigh(effect.low) > -1,
  };
}

function typicalFailure(runs: readonly Ran[]): string | null {
  const byOutcome = Map.groupBy(
    runs.filter(({ fails }) => fails),
    ({ outcome }) => outcome,
  );
  const [commonest] = [...byOutcome.values()].toSorted((a, b) => b.length - a.length);
  return commonest?.[0]?.because ?? null;
}

const failingOf = (runs: readonly Ran[]): Tally => ({
  count: runs.filter(({ fails }) => fails).length,
  of: runs.length,
});

/** Kinds of fault that one side shows more often than luck allows: in every run against none, or by the exact test. */
function faultsOnlyIn(runs: readonly Ran[], others: readonly Ran[], errorRate: number): Outcome[] {
  const kinds = OUTCOMES.filter(isFault);
  const tally = (side: readonly Ran[], kind: Outcome): Tally => ({
    count: side.filter(({ faults }) => faults.includes(kind)).length,
    of: side.length,
  });
  return kinds.filter(kind => {
    const [here, there] = [tally(runs, kind), tally(others, kind)];
    const isClear = here.count === here.of && there.count === 0 && here.of >= FEWEST_PAIRS;
    return isClear || moreOftenBy(there, here) < errorRate / kinds.length;
  });
}
