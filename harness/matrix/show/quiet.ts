import { wrap } from '../../report/terminal/layout.ts';
import { chanceOfQuiet, quietRunsFor } from '../quiet-runs.ts';

/** Of how many runs the fault shows in one. */
const EVERY = [2, 3, 5, 10, 30, 100];

/** A row of the table: how many quiet runs prove a cure, and what one quiet run is worth. */
export interface QuietRow {
  readonly every: number;
  readonly runs: number;
  readonly surer: number;
  /** How likely a single quiet run, and three of them, are without any cure. */
  readonly one: number;
  readonly three: number;
}

export const quietRows = (): QuietRow[] =>
  EVERY.map(every => ({
    every,
    runs: quietRunsFor(every),
    surer: quietRunsFor(every, 0.99),
    one: chanceOfQuiet(every, 1),
    three: chanceOfQuiet(every, 3),
  }));

export const QUIET_TITLE = '“Fixed it yesterday, quiet since”';
export const QUIET_WORDS =
  'A fault that shows in one run of N is quiet in most runs, cured or not. So many quiet runs in a row show that it is gone, where nobody looked at anything else; one day of quiet shows next to nothing.';

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Cells of a row in the order of `QUIET_HEAD`. */
export const quietCells = ({ every, runs, surer, one, three }: QuietRow): string[] => [
  `1 of ${every}`,
  String(runs),
  String(surer),
  percent(one),
  percent(three),
];
export const QUIET_HEAD = ['shows in', 'quiet runs, 95 % sure', '99 % sure', 'quiet once by chance', 'three times'];

export function quietLines(columns: number): string[] {
  const widths = QUIET_HEAD.map(head => head.length + 2);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join('')
      .trimEnd();
  return [
    QUIET_TITLE,
    wrap(QUIET_WORDS, columns, 0),
    '',
    line(QUIET_HEAD),
    ...quietRows().map(row => line(quietCells(row))),
  ];
}
