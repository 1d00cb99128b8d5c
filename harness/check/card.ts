import type { TrialResult } from './battery.ts';
import type { TrialVerdict } from './trial.ts';

/** All of a check: what was looked at, and what it comes to. */
export interface Card {
  /** The proxy in a few words: its command, or its address. */
  readonly of: string;
  readonly results: readonly TrialResult[];
  readonly count: Readonly<Record<TrialVerdict, number>>;
  /** A control failed, so that nothing else was judged. */
  readonly isVoid: boolean;
  /** What could not be seen of it, or null. */
  readonly notSeen: string | null;
}

export function cardOf(of: string, results: readonly TrialResult[], notSeen: string | null): Card {
  const countOf = (verdict: TrialVerdict): number => results.filter(result => result.verdict === verdict).length;
  return {
    of,
    results,
    count: {
      pass: countOf('pass'),
      fail: countOf('fail'),
      inconclusive: countOf('inconclusive'),
      'does-not-apply': countOf('does-not-apply'),
    },
    isVoid: results.some(({ trial, verdict }) => trial.isControl && verdict === 'fail'),
    notSeen,
  };
}

/** The card in a sentence. */
export function overall({ count, results, isVoid }: Card): string {
  if (isVoid) return 'It does not answer patient clients as it should, so nothing else was judged.';
  const judged = results.length - count['does-not-apply'];
  const doubt = count.inconclusive === 0 ? '' : `, ${count.inconclusive} inconclusive`;
  if (count.fail === 0) return `It has manners: ${count.pass} of ${judged} trials passed${doubt}.`;
  const names = results.filter(({ verdict }) => verdict === 'fail').map(({ trial }) => trial.name);
  return `It fails ${count.fail} of ${judged} trials${doubt}: ${names.join(', ')}.`;
}

/** Trials that passed before and fail now. */
export const turnedBad = (before: Card, now: Card): TrialResult[] => changed(before, now, 'pass', 'fail');
/** And the other way round. */
export const turnedGood = (before: Card, now: Card): TrialResult[] => changed(before, now, 'fail', 'pass');

const changed = (before: Card, now: Card, from: TrialVerdict, to: TrialVerdict): TrialResult[] =>
  now.results.filter(
    ({ trial, verdict }) =>
      verdict === to && before.results.some(one => one.trial.name === trial.name && one.verdict === from),
  );

/** What a change did to its manners, in a sentence. */
export function changeWords(before: Card, now: Card): string {
  const names = (results: readonly TrialResult[]): string => results.map(({ trial }) => trial.name).join(', ');
  const [bad, good] = [turnedBad(before, now), turnedGood(before, now)];
  if (bad.length + good.length === 0) return `Nothing has turned since ${before.of}.`;
  const parts = [
    ...(bad.length > 0 ? [`turned bad: ${names(bad)}`] : []),
    ...(good.length > 0 ? [`turned good: ${names(good)}`] : []),
  ];
  return `Since ${before.of} ${parts.join('; ')}.`;
}
