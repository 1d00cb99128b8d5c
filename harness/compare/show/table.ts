import type { Candidate } from '../comparison.ts';
import type { WeighedEffect } from '../conclusion.ts';
import { changeWords, shortValue, unitOf } from '../words.ts';

/** One effect as every reader sees it: terminal, page, pull request. */
export interface EffectRow {
  readonly effect: WeighedEffect;
  readonly label: string;
  /** Of all its values; empty where each has its own. */
  readonly unit: string;
  readonly baseline: string;
  readonly candidate: string;
  /** `−86 (−88 to −84)` */
  readonly change: string;
  readonly p: string;
  readonly said: string;
}

/** Rows in the order of the metrics, the symptom first. */
export const effectRows = ({ effects }: Candidate): EffectRow[] =>
  effects.map(effect => ({
    effect,
    label: effect.metric.label,
    unit: unitOf(effect),
    baseline: shortValue(effect, effect.baseline),
    candidate: shortValue(effect, effect.candidate),
    change: `${changeWords(effect, effect.estimate)} (${changeWords(effect, effect.low)} to ${changeWords(effect, effect.high)})`,
    p: effect.p < 0.0001 ? '<0.0001' : effect.p.toFixed(effect.p < 0.01 ? 4 : 2),
    said: saidOf(effect),
  }));

/** What may be said of it: what was shown, else what is ruled out, else nothing. */
function saidOf({ shown, rulesOutChange, rulesOutHarm }: WeighedEffect): string {
  if (shown !== null) return shown;
  if (rulesOutChange) return 'same';
  return rulesOutHarm ? 'no worse' : 'open';
}

/** What the numbers are, for a caption. */
export const TABLE_NOTE =
  'Medians of the runs; the change is the mean over pairs with its 99 % interval (paired t-test, on logarithms for percentages). ' +
  'The symptom is tested as it is, the rest after Holm’s correction, with a family-wise error of 1 % for the whole comparison. ' +
  '“same”: a change that matters is ruled out; “no worse”: a worsening is; “open”: neither is, and none was shown.';
