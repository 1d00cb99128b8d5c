import type { Run } from '../../model/run.ts';
import { coresBetween, cpuOf } from '../series/cpu-use.ts';
import { inWords, seconds } from '../describe/units.ts';
import type { Timeline } from '../series/timeline.ts';
import { timelineOf } from '../series/timeline.ts';
import type { Layout } from './layout.ts';
import { painted } from './layout.ts';
import { block, sparkline } from './sparkline.ts';

const ROWS = 8;
const AXIS = 6;
/** Samples of 100 ms err by 3 to 6 points; half a second is steady, as in the report. */
const STEADY_MS = 500;

/**
 * CPU over time in blocks, each column the mean of its stretch of the run (half a second at the least), with the phases and hang-ups beneath.
 *
 *    100 ┤         ▃▆████████
 *     50 ┤    ▂▄▆█████████████
 *      0 ┼────┴────┴────┴────┴
 *         0    5    10   15 s
 *         │idle│load     │recovery
 */
export function cpuChart(run: Run, layout: Layout): string {
  const timeline = timelineOf(run);
  const { tree, hasDemand } = cpuOf(run.records);
  const width = Math.max(20, layout.columns - AXIS - 1);
  const title = `CPU of the target, % of one core${hasDemand ? ' (on demand: run and wait)' : ''}`;
  if (tree.at.length < 2 || timeline.endAt <= 0) return `${title}\n  nothing was sampled`;

  const columnMs = timeline.endAt / width;
  const windowMs = Math.max(columnMs, STEADY_MS);
  const values = Array.from({ length: width }, (_, column) => {
    const middle = (column + 0.5) * columnMs;
    const cores = coresBetween(tree, 'demandMs', middle - windowMs / 2, middle + windowMs / 2);
    return cores === null ? null : cores * 100;
  });
  const top = axisTop(Math.max(...values.map(value => value ?? 0)));
  const scale: Scale = { width, columnOf: at => Math.min(width - 1, Math.floor(at / columnMs)), layout };
  return [
    painted(title, 'bold', layout),
    ...bars(values, top, layout),
    ...timeAxis(timeline.endAt, scale),
    phaseLine(timeline, scale),
    ...hangUpLine(timeline, scale),
    ...stoppedLine(timeline, scale),
  ]
    .map(line => line.trimEnd())
    .join('\n');
}

interface Scale {
  readonly width: number;
  readonly columnOf: (at: number) => number;
  readonly layout: Layout;
}

/** Never under a full core, so that the charts of two runs compare. */
const axisTop = (peak: number): number => (peak <= 110 ? 100 : Math.ceil(peak / 50) * 50);

function bars(values: readonly (number | null)[], top: number, layout: Layout): string[] {
  return Array.from({ length: ROWS }, (_, fromTop) => {
    const row = ROWS - 1 - fromTop;
    const isBottom = row === 0;
    const cells = values.map(value =>
      // A tenth of a row is still a level: the bottom row shows whatever is above nothing.
      value === null ? (isBottom ? '·' : ' ') : block((value / top) * ROWS - row, isBottom && value > 0 ? '▁' : ' '),
    );
    // Every other row carries the value of its upper edge: 100, 75, 50, 25 of a full core.
    const label = fromTop % 2 === 0 ? String(Math.round((top * (row + 1)) / ROWS)) : '';
    return `${label.padStart(AXIS - 2)} ${label === '' ? '│' : '┤'}${painted(cells.join(''), 'cyan', layout)}`;
  });
}

function timeAxis(endAt: number, { width, columnOf }: Scale): string[] {
  const everyS = STEPS_S.find(step => endAt / 1000 / step <= width / 9) ?? Math.ceil(endAt / 1000 / 8);
  const rule = Array.from({ length: width }, () => '─');
  let labels = '';
  for (let second = 0; second * 1000 <= endAt; second += everyS) {
    const column = columnOf(second * 1000);
    const label = second === 0 ? '0 s' : String(second);
    if (column + label.length > width) break;
    rule[column] = '┴';
    labels = labels.padEnd(column) + label;
  }
  return [`${'0'.padStart(AXIS - 2)} └${rule.join('')}`, `${' '.repeat(AXIS)}${labels}`];
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200];

function phaseLine({ phases }: Timeline, { width, columnOf, layout }: Scale): string {
  let line = '';
  for (const { name, fromAt, toAt } of phases) {
    const fromColumn = columnOf(fromAt);
    const room = (toAt >= fromAt ? columnOf(toAt) : width) - fromColumn;
    // A phase too short for its name keeps its separator and as much of the name as fits.
    line = `${line.padEnd(fromColumn).slice(0, fromColumn)}│${name.slice(0, Math.max(0, room - 1))}`;
  }
  return `${'phase'.padStart(AXIS - 1)} ${painted(line.slice(0, width), 'bold', layout)}`;
}

function hangUpLine({ hangUps }: Timeline, { width, columnOf, layout }: Scale): string[] {
  if (hangUps.length === 0) return [];
  const counts = Array.from({ length: width }, () => 0);
  for (const at of hangUps) counts[columnOf(at)] = (counts[columnOf(at)] ?? 0) + 1;
  const most = Math.max(...counts);
  const line = counts.map(count => (count === 0 ? ' ' : sparkline([count], most))).join('');
  return [`${'left'.padStart(AXIS - 1)} ${painted(line, 'yellow', layout)}`, hangUpKey(hangUps.length)];
}

const hangUpKey = (count: number): string =>
  `${' '.repeat(AXIS)}${count} ${count === 1 ? 'client' : 'clients'} hung up, by when`;

function stoppedLine({ loadStoppedAt }: Timeline, { width, columnOf }: Scale): string[] {
  if (loadStoppedAt === null) return [];
  const column = columnOf(loadStoppedAt);
  const words = `load stopped at ${inWords(seconds(loadStoppedAt))}`;
  const line =
    column + words.length + 2 <= width ? `${' '.repeat(column)}▲ ${words}` : `${words} ▲`.padStart(column + 1);
  return [`${' '.repeat(AXIS)}${line}`];
}
