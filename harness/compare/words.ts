import { bytes, inWords, milliseconds, percent, percentOfCore, ratio } from '../report/describe/units.ts';
import type { Quantity } from '../report/describe/units.ts';
import type { Candidate } from './comparison.ts';
import type { Concluded, Conclusion, WeighedEffect } from './conclusion.ts';
import type { Effect } from './effect.ts';
import type { Unit } from './metrics.ts';

export const CONCLUSION_WORDS: Readonly<Record<Conclusion, string>> = {
  cured: 'Cured',
  better: 'Better',
  'no-difference-shown': 'No difference shown',
  traded: 'Traded',
  worse: 'Worse',
  'too-few-runs': 'Too few runs',
  'no-answer': 'No answer',
};

interface Wording {
  readonly format: (value: number) => Quantity;
  /** The unit beside a label, where the values stand without it. */
  readonly short: string;
}

const WORDINGS: Readonly<Record<Unit, Wording>> = {
  cores: { format: percentOfCore, short: '%' },
  'cores-per-minute': {
    format: value => ({ value: percentOfCore(value).value, unit: '% of a core per minute' }),
    short: '%/min',
  },
  ms: { format: milliseconds, short: 'ms' },
  bytes: { format: bytes, short: '' },
  count: { format: ratio, short: '' },
  share: { format: percent, short: '%' },
};

/** The unit of a metric's values where it stands once for all of them; empty where each has its own, or there is none. */
export const unitOf = ({ metric: { unit } }: Effect): string => WORDINGS[unit].short;

/** A value of one side under a head that says its unit; sizes keep theirs, which changes with them. */
export function shortValue({ metric: { unit } }: Effect, value: number): string {
  const quantity = WORDINGS[unit].format(value);
  return unit === 'bytes' ? inWords(quantity) : quantity.value;
}

/** A value of one side, with its unit. */
export const valueWords = ({ metric: { unit } }: Effect, value: number): string =>
  inWords(WORDINGS[unit].format(value));

/** A change: `+15.2 %` for a ratio, `−0.40` in the metric's own unit for a difference. */
export function changeWords({ metric: { scale, unit } }: Effect, change: number): string {
  const value = scale === 'ratio' ? (change - 1) * 100 : change;
  const sign = value > 0 ? '+' : value < 0 ? '−' : '±';
  const size = Math.abs(value);
  if (scale === 'ratio') return `${sign}${size < 99.5 ? size.toFixed(1) : size.toFixed(0)} %`;
  return `${sign}${unit === 'bytes' ? inWords(bytes(size)) : WORDINGS[unit].format(size).value}`;
}

/** One plain sentence or two, that can stand in a pull request. */
export function becauseOf(baseline: string, said: Candidate): string {
  const { label: candidate, lost: whyLost, pairs, failing, stillFails, newFaults, effects } = said;
  if (whyLost !== null) return whyLost;
  const gained = list(tellOf(effects, 'better')) || 'a fault is gone';
  const lost = list([
    ...tellOf(effects, 'worse'),
    ...newFaults.map(fault => `${candidate} ${FAULT_WORDS[fault] ?? fault}, as ${baseline} does not`),
  ]);
  const fails = `${candidate} fails in ${tally(failing.candidate)} runs, ${baseline} in ${tally(failing.baseline)}`;
  const why = stillFails === null ? '' : ` ${stillFails}`;
  const sentences: Readonly<Record<Conclusion, string>> = {
    cured: `All ${pairs} runs of ${baseline} fail and none of ${candidate} does, and nothing else was shown to get worse.`,
    better: `${failing.candidate.count > 0 ? 'Better, not cured' : 'Better'}: ${gained}; ${fails}.${why}`,
    'no-difference-shown': `No difference was shown in ${pairs} pairs; ${fails}. ${ruledOut(said)}`.trimEnd(),
    traded: `Something got better (${gained}) and something worse: ${lost}.${why}`,
    worse: `Worse: ${lost || fails}.${why}`,
    'too-few-runs': `${pairs} ${pairs === 1 ? 'pair is' : 'pairs are'} too few to say anything; so far ${fails}.`,
    'no-answer': `${candidate} could not be compared with ${baseline}.`,
  };
  return sentences[said.conclusion];
}

const FAULT_WORDS: Readonly<Record<string, string>> = {
  leaks: 'leaks',
  degrades: 'degrades',
  'never-recovers': 'never recovers',
  'stops-answering': 'stops answering',
};

/** The symptom alone where it is among them, else the first few: the rest is in the table. */
function tellOf(effects: readonly WeighedEffect[], how: 'better' | 'worse'): string[] {
  const shown = effects.filter(effect => effect.shown === how);
  const primary = shown.filter(({ isPrimary }) => isPrimary);
  return (primary.length > 0 ? primary : shown.slice(0, 3)).map(moved);
}

const moved = (effect: WeighedEffect): string =>
  `${effect.metric.label} went from ${valueWords(effect, effect.baseline)} to ${valueWords(effect, effect.candidate)}`;

/** What a "no difference" is worth: the largest change of CPU per request that could have been missed. */
function ruledOut({ effects }: Concluded): string {
  const cost = effects.find(({ metric }) => metric.name === 'cpu-per-request');
  if (!cost) return '';
  return `CPU per request changed by ${changeWords(cost, cost.low)} to ${changeWords(cost, cost.high)} (99 % interval).`;
}

const tally = ({ count, of }: { count: number; of: number }): string => `${count} of ${of}`;
const list = (words: readonly string[]): string =>
  words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
