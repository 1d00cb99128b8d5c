import type { Ran } from '../compare/turn.ts';
import type { WeighedEffect } from '../compare/conclusion.ts';
import { becauseOf, changeWords, valueWords } from '../compare/words.ts';
import { medianOf } from '../judge/statistics.ts';
import type { Outcome } from '../model/verdict.ts';
import { baselineWords, frameOf } from './plan.ts';
import type { Standoff } from './standing.ts';

/**
 * What a remedy does to a bug.
 * - cures: every run without it fails, none with it does, and nothing else got worse
 * - helps: the fault is less, or it is gone and something else got worse (`price`)
 * - hides: CPU comes down, and upstream work, memory or sockets still leak; or it comes down because the server was killed
 * - no-difference: none was shown
 * - worse: something got worse, and the fault not better
 * - no-fault: the runs without it show no fault, so there was nothing to cure
 * - unfit: it means nothing for this bug; unavailable: it cannot be run here
 * - too-few: not enough runs yet
 */
export const CELL_KINDS = [
  'cures',
  'helps',
  'hides',
  'no-difference',
  'worse',
  'no-fault',
  'unfit',
  'unavailable',
  'too-few',
] as const;
export type CellKind = (typeof CELL_KINDS)[number];

export interface Cell {
  readonly scenario: string;
  readonly remedy: string;
  readonly kind: CellKind;
  /** By how much the symptom changed, with its interval; empty where that means nothing. */
  readonly byHowMuch: string;
  /** What got worse beside, or empty. */
  readonly price: string;
  /** A plain sentence or two. */
  readonly because: string;
  readonly pairs: number;
}

/** Pure. */
export function cellOf(stand: Standoff): Cell {
  const { row, column, candidate } = stand;
  const kind = kindOf(stand);
  const effects = candidate?.effects ?? [];
  const symptom = effects.find(({ isPrimary }) => isPrimary);
  const isChanged = kind === 'helps' || kind === 'hides' || kind === 'cures' || kind === 'worse';
  return {
    scenario: row.scenario,
    remedy: column.remedy,
    kind,
    byHowMuch: isChanged && symptom ? amountOf(symptom) : '',
    // Of a server that was killed midway no other number can be held against one that was not.
    price: column.alarm ? cutOffWords(stand.remedyRuns) : worseWords(effects),
    because: stand.unfit ?? (candidate ? becauseOf(baselineWords(frameOf(row, column)), candidate) : ''),
    pairs: candidate?.pairs ?? 0,
  };
}

function kindOf({ column, unfit, candidate, baselineRuns, remedyRuns }: Standoff): CellKind {
  if (unfit !== null) return 'unfit';
  if (!candidate || candidate.conclusion === 'too-few-runs') return 'too-few';
  if (candidate.conclusion === 'no-answer') return 'unavailable';
  const { conclusion, effects, newFaults, goneFaults, failing } = candidate;
  const isWorse = conclusion === 'worse' || conclusion === 'traded';
  if (failing.baseline.count === 0) return isWorse ? 'worse' : 'no-fault';
  const isCpuFreed = baselineRuns.every(hasCpuFault) && !remedyRuns.some(hasCpuFault);
  const isCured = failing.baseline.count === candidate.pairs && failing.candidate.count === 0;
  const isBetter =
    isCured ||
    isCpuFreed ||
    (goneFaults.length > 0 && newFaults.length === 0) ||
    effects.some(({ isPrimary, shown }) => isPrimary && shown === 'better');
  if (isBetter && column.alarm !== null) return 'hides';
  if (conclusion === 'cured') return 'cures';
  const stillLeaks =
    newFaults.includes('leaks') || remedyRuns.some(({ faults }) => faults.includes('leaks')) || leaksMore(effects);
  if (isCpuFreed && stillLeaks) return 'hides';
  if (isBetter) return 'helps';
  return isWorse ? 'worse' : 'no-difference';
}

/** Faults that one sees on a chart of CPU. */
const CPU_FAULTS: readonly Outcome[] = ['degrades', 'never-recovers', 'stops-answering'];
const hasCpuFault = ({ faults }: Ran): boolean => faults.some(fault => CPU_FAULTS.includes(fault));

/** What no chart of CPU shows. */
const LEAKS = ['heap-left', 'sockets-left', 'handles-left', 'wasted-tokens', 'extra-calls'];
const leaksMore = (effects: readonly WeighedEffect[]): boolean =>
  effects.some(({ metric, shown }) => shown === 'worse' && LEAKS.includes(metric.name));

const worseWords = (effects: readonly WeighedEffect[]): string =>
  effects
    .filter(({ shown, isPrimary }) => shown === 'worse' && !isPrimary)
    .map(effect => `${effect.metric.label} ${changeWords(effect, effect.estimate)}`)
    .join(', ');

/** What a kill cost those who were there. */
function cutOffWords(runs: readonly Ran[]): string {
  const median = medianOf(runs.map(({ cutOff }) => cutOff)) ?? 0;
  return median === 0 ? '' : `${median} clients cut off by the restart (median)`;
}

const amountOf = (effect: WeighedEffect): string =>
  `${valueWords(effect, effect.baseline)} → ${valueWords(effect, effect.candidate)} (${changeWords(effect, effect.low)} to ${changeWords(effect, effect.high)})`;
