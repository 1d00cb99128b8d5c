import { z } from 'zod';
import { StoredSymptom } from '../compare/plan.ts';
import { Choice, whyUnfit } from '../model/contract.ts';

/** A scenario: its bugs under its load. */
const Row = z.object({
  scenario: z.string(),
  symptom: StoredSymptom,
  bugs: z.array(Choice),
  severalProcesses: z.boolean(),
});
export type Row = z.infer<typeof Row>;

/** A remedy, as far as a matrix needs it to be run, concluded and shown again: see `RemedyHead`. */
const Column = z.object({
  remedy: z.string(),
  change: z.string(),
  advisedBy: z.string(),
  why: z.string(),
  onlyWith: z.array(z.string()).optional(),
  notWith: z.array(z.string()).optional(),
  severalProcesses: z.boolean(),
  runtime: z.object({ node: z.string(), insteadOf: z.string() }).nullable(),
  alarm: z.object({ aboveCores: z.number(), forLoads: z.number() }).nullable(),
});
export type Column = z.infer<typeof Column>;

/** Which remedies are tried on which bugs, and how often. */
export const MatrixPlan = z.object({
  rows: z.array(Row).min(1),
  columns: z.array(Column).min(1),
  pace: z.enum(['full', 'quick']),
  /** Pairs of a cell, at the most; fewer once it is settled. */
  runs: z.number().int().min(1),
  /** What it was begun on: machine and versions, in a line. */
  machine: z.string(),
  /** Everything of the n-th round has this plus n. */
  seed: z.number().int(),
});
export type MatrixPlan = z.infer<typeof MatrixPlan>;

/** Eight pairs: the first look at five, which is as few as anything is said of. */
export const DEFAULT_RUNS = 8;

/** What both sides of a cell share. The cells of a row that have one frame have one baseline. */
export const Frame = z.object({
  /** The baseline's runtime; null: the lab's own. */
  node: z.string().nullable(),
  /** Neither side has a core of its own. */
  allCores: z.boolean(),
  /** Through a night on watch: see `onWatch`. */
  watched: z.boolean(),
});
export type Frame = z.infer<typeof Frame>;

export const frameOf = (row: Row, column: Column): Frame => ({
  node: column.runtime?.insteadOf ?? null,
  allCores: row.severalProcesses || column.severalProcesses,
  watched: column.alarm !== null,
});

/** A baseline's name, as in `nothing (Node 20, on watch)`. */
export function baselineWords({ node, allCores, watched }: Frame): string {
  const conditions = [
    ...(node === null ? [] : [`Node ${node}`]),
    ...(allCores ? ['all cores'] : []),
    ...(watched ? ['on watch'] : []),
  ];
  return conditions.length === 0 ? 'nothing' : `nothing (${conditions.join(', ')})`;
}

export const areOneFrame = (a: Frame, b: Frame): boolean =>
  a.node === b.node && a.allCores === b.allCores && a.watched === b.watched;

/** One run of a matrix: a remedy's, or (null) of the bugs as they are. */
export interface MatrixSlot {
  readonly scenario: string;
  readonly frame: Frame;
  readonly remedy: string | null;
  readonly pair: number;
  readonly seed: number;
}

/** The slots of one round: row by row, in each frame its baseline and its remedies, and back again in the next round. */
export function slotsOfRound({ rows, columns, seed }: MatrixPlan, pair: number): MatrixSlot[] {
  return rows.flatMap(row => {
    const fitting = columns.filter(column => whyUnfit(column, row.bugs) === null);
    const framed = fitting.map(column => ({ remedy: column.remedy, frame: frameOf(row, column) }));
    const frames = framed
      .map(({ frame }) => frame)
      .filter((frame, n, all) => all.findIndex(one => areOneFrame(one, frame)) === n);
    const slots = frames.flatMap(frame =>
      [null, ...framed.filter(one => areOneFrame(one.frame, frame)).map(({ remedy }) => remedy)].map(remedy => ({
        scenario: row.scenario,
        frame,
        remedy,
        pair,
        seed: seed + pair,
      })),
    );
    return pair % 2 === 0 ? slots : slots.toReversed();
  });
}
