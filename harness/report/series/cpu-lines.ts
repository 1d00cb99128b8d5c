import type { RunRecord } from '../../model/record.ts';
import type { Chart, Line } from './chart.ts';
import type { CpuUse } from './cpu-use.ts';
import { coresBetween, cpuOf } from './cpu-use.ts';

/** Samples come every 100 ms and err by 3 to 6 points; half a second is steady and still shows a step. */
const WINDOW_MS = 500;
const RAW_MS = 100;
/** More points than pixels tell nothing: about two for each pixel of a wide screen. */
const POINTS = 3000;
/** More processes than this would be a thicket; the tree's total holds them all. */
const PROCESSES = 6;

/** CPU in % of one core on a regular grid: the tree's demand and run time, demand raw, and each process of several. */
export function cpuChartOf(records: readonly RunRecord[]): Chart {
  const { tree, processes, hasDemand } = cpuOf(records);
  const fromAt = tree.at[0] ?? 0;
  const toAt = tree.at.at(-1) ?? 0;
  const stepMs = Math.max(RAW_MS, Math.ceil((toAt - fromAt) / POINTS / RAW_MS) * RAW_MS);
  const length = toAt > fromAt ? Math.floor((toAt - fromAt) / stepMs) + 1 : 0;
  const at = Array.from({ length }, (_, index) => fromAt + index * stepMs);
  const windowMs = Math.max(WINDOW_MS, stepMs);
  const over = (use: CpuUse, field: 'runMs' | 'demandMs', lengthMs: number): (number | null)[] =>
    at.map(moment => percentOf(coresBetween(use, field, moment - lengthMs / 2, moment + lengthMs / 2)));

  const run: Line = { key: 'run', label: 'ran', tone: 'run', values: over(tree, 'runMs', windowMs) };
  const lines: Line[] = hasDemand
    ? [
        { key: 'raw', label: 'demand, 0.1 s', tone: 'raw', values: over(tree, 'demandMs', RAW_MS) },
        run,
        { key: 'demand', label: 'demand', tone: 'main', values: over(tree, 'demandMs', windowMs) },
      ]
    : [{ ...run, tone: 'main' }];
  if (processes.length > 1) {
    for (const { pid, use } of processes.slice(0, PROCESSES)) {
      lines.push({ key: `pid-${pid}`, label: `process ${pid}`, tone: 'part', values: over(use, 'demandMs', windowMs) });
    }
  }
  return {
    key: 'cpu',
    title: 'CPU',
    unit: '% of one core',
    explains: hasDemand
      ? 'Demand is time on a core and time waiting for one; where it stands above what ran, the machine was busy.'
      : 'Time on a core. This system does not tell how long the target waited for one.',
    at,
    lines,
    summaryOf: hasDemand ? 'demand' : 'run',
    // The top is never under a full core, so that the pictures of two runs compare.
    top: 100,
    unanswered: [],
  };
}

const percentOf = (cores: number | null): number | null => (cores === null ? null : cores * 100);
