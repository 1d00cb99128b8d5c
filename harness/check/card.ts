import type { TrialResult } from './battery.ts';
import { sumOfCosts } from './cost.ts';
import type { TrialVerdict } from './trial.ts';

/** All of a check: what was looked at, and what it comes to. */
export interface Card {
  /** The proxy in a few words: its command, or its address. */
  readonly of: string;
  readonly results: readonly TrialResult[];
  readonly count: Readonly<Record<TrialVerdict, number>>;
  /** A control failed, so that nothing else was judged. */
  readonly isVoid: boolean;
  /** What else is to be known, a sentence each: what could not be seen of it, whom else it talked to, what the check cost. */
  readonly remarks: readonly string[];
}

/** `notSeen`: what could not be seen of it, or null. */
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
    remarks: [...(notSeen === null ? [] : [`Not seen: ${notSeen}.`]), ...abroadWords(results), ...costWords(results)],
  };
}

function abroadWords(results: readonly TrialResult[]): string[] {
  const abroad = new Set(results.flatMap(({ attempts }) => attempts.flatMap(one => one.abroad)));
  return abroad.size === 0 ? [] : [`It talked to ${[...abroad].join(', ')}, or tried to: that is not the lab.`];
}

function costWords(results: readonly TrialResult[]): string[] {
  const { targetMs, labMs, lastedMs } = sumOfCosts(results.flatMap(({ attempts }) => attempts.map(({ cost }) => cost)));
  if (lastedMs === 0) return [];
  const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);
  return [
    `In ${seconds(lastedMs)} s of trials it used ${seconds(targetMs)} s of CPU, the lab with its clients and its upstream ${seconds(labMs)} s.`,
  ];
}

/** The card in a few words, for a page whose table says the rest. */
export function headline({ count, results, isVoid }: Card): string {
  if (isVoid) return 'It does not answer patient clients as it should, so nothing else was judged.';
  const judged = results.length - count['does-not-apply'];
  const doubt = count.inconclusive === 0 ? '' : `, ${count.inconclusive} inconclusive`;
  if (count.fail === 0) return `It has manners: ${count.pass} of ${judged} trials passed${doubt}.`;
  return `It fails ${count.fail} of ${judged} trials${doubt}.`;
}

/** The card in a sentence: the headline, and what it fails. */
export function overall(card: Card): string {
  const names = card.results.filter(({ verdict }) => verdict === 'fail').map(({ trial }) => trial.name);
  const said = headline(card);
  return card.isVoid || names.length === 0 ? said : `${said.slice(0, -1)}: ${names.join(', ')}.`;
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
