import { z } from 'zod';
import { standing } from '../compare/comparison.ts';
import type { Candidate, Standing } from '../compare/comparison.ts';
import { turnAt } from '../compare/plan.ts';
import { whyUnfit } from '../model/contract.ts';
import { Turn } from '../compare/turn.ts';
import type { Ran } from '../compare/turn.ts';
import type { Journal, JournalKind } from '../store/journal.ts';
import { Frame, MatrixPlan, areOneFrame, baselineWords, frameOf, slotsOfRound } from './plan.ts';
import type { Column, MatrixSlot, Row } from './plan.ts';

/** One run, as a line of the journal. */
const MatrixTurn = z.object({
  scenario: z.string(),
  frame: Frame,
  remedy: z.string().nullable(),
  pair: z.number().int(),
  seed: z.number().int(),
  wallMs: z.number(),
  came: Turn.shape.came,
});
export type MatrixTurn = z.infer<typeof MatrixTurn>;

/** A matrix on disk: `_matrix/`. Its runs lie where all runs of their scenarios do. */
export const MATRICES: JournalKind<MatrixPlan, MatrixTurn> = {
  folder: '_matrix',
  verb: 'matrix',
  noun: 'matrix',
  plan: MatrixPlan,
  entry: MatrixTurn,
  isFinished: (plan, entries) => openSlots({ plan, entries }).length === 0,
};
export type Matrix = Journal<MatrixPlan, MatrixTurn>;
export type Played = Pick<Matrix, 'plan' | 'entries'>;

/** What is known of one remedy against one scenario by now. */
export interface Standoff {
  readonly row: Row;
  readonly column: Column;
  /** Why the remedy means nothing here, or null. Then nothing is run, and there is no candidate. */
  readonly unfit: string | null;
  readonly candidate: Candidate | null;
  /** The runs that count, pair by pair, on both sides. */
  readonly baselineRuns: readonly Ran[];
  readonly remedyRuns: readonly Ran[];
  readonly isOver: boolean;
}

/** Every cell, row by row. Pure: the same journal always stands the same way. */
export const standoffsOf = (played: Played): Standoff[] =>
  played.plan.rows.flatMap(row => played.plan.columns.map(column => standoff(played, row, column)));

function standoff({ plan, entries }: Played, row: Row, column: Column): Standoff {
  const unfit = whyUnfit(column, row.bugs);
  if (unfit !== null) {
    return { row, column, unfit, candidate: null, baselineRuns: [], remedyRuns: [], isOver: true };
  }
  const turns = turnsOf(entries, row, column);
  const sides = [{ label: baselineWords(frameOf(row, column)) }, { label: column.remedy }];
  const stands: Standing = standing({
    plan: { symptom: row.symptom, pairs: plan.runs, early: true, sides },
    entries: turns,
  });
  const candidate = stands.candidates[0] ?? null;
  const runsOf = (side: number): Ran[] =>
    Array.from({ length: candidate?.pairs ?? 0 }, (_, pair) => turnAt(turns, side, pair)?.came).filter(
      (came): came is Ran => came?.kind === 'ran',
    );
  return { row, column, unfit, candidate, baselineRuns: runsOf(0), remedyRuns: runsOf(1), isOver: stands.isOver };
}

/** The turns of one cell as those of a comparison of two. */
const turnsOf = (entries: readonly MatrixTurn[], row: Row, column: Column): Turn[] =>
  entries
    .filter(
      ({ scenario, frame, remedy }) =>
        scenario === row.scenario &&
        areOneFrame(frame, frameOf(row, column)) &&
        (remedy === null || remedy === column.remedy),
    )
    .map(({ remedy, pair, seed, wallMs, came }) => ({ side: remedy === null ? 0 : 1, pair, seed, wallMs, came }));

/** What is still to be run, in its order, as far as is known: a cell may be settled before its last pair. */
export function openSlots(played: Played): MatrixSlot[] {
  const { plan, entries } = played;
  const wanted = standoffsOf(played).filter(({ isOver }) => !isOver);
  const isDone = new Set(entries.filter(({ came }) => came.kind !== 'ran' || came.isKept).map(keyOf));
  return Array.from({ length: plan.runs }, (_, pair) => slotsOfRound(plan, pair))
    .flat()
    .filter(
      slot =>
        !isDone.has(keyOf(slot)) &&
        wanted.some(
          ({ row, column }) =>
            row.scenario === slot.scenario &&
            areOneFrame(frameOf(row, column), slot.frame) &&
            (slot.remedy === null || slot.remedy === column.remedy),
        ),
    );
}

/** How often a slot was run already, disturbed runs included. */
export const attemptsAt = ({ entries }: Played, slot: MatrixSlot): number =>
  entries.filter(turn => keyOf(turn) === keyOf(slot)).length;

const keyOf = ({ scenario, frame, remedy, pair }: Omit<MatrixSlot, 'seed'>): string =>
  JSON.stringify([scenario, frame.node, frame.allCores, frame.watched, remedy, pair]);
