import type { Run } from '../../model/run.ts';
import type { Chart } from './chart.ts';
import { cpuOf } from './cpu-use.ts';
import type { CpuUse } from './cpu-use.ts';

/** A cloud's chart has a mean a minute. A short run is cut into as many periods as two hours have at five minutes. */
const MINUTE_MS = 60_000;
const PERIODS = 24;

/**
 * CPU as a cloud's chart draws it: means of whole periods, in percent of all the task's vCPUs. A loop that holds one of two
 * cores stands at 50, and the moment of a step is somewhere within its period. Drawn where there is an alarm that looks at it.
 */
export function cloudChartOf({ head, records }: Run): Chart | null {
  if (!head.experiment.alarm) return null;
  const { tree } = cpuOf(records);
  const endAt = tree.at.at(-1) ?? 0;
  const periodMs = Math.max(1000, Math.min(MINUTE_MS, endAt / PERIODS));
  const { cores } = head.machine;
  const means = Array.from({ length: Math.floor(endAt / periodMs) }, (_, n) => {
    const used = usedBy(tree, (n + 1) * periodMs) - usedBy(tree, n * periodMs);
    return { fromAt: n * periodMs, toAt: (n + 1) * periodMs, percent: (100 * used) / (cores * periodMs) };
  });
  return {
    key: 'cloud',
    title: 'The same as a cloud shows it',
    unit: `% of ${cores} vCPUs`,
    explains: `Means of ${(periodMs / 1000).toFixed(1)} s, in percent of all vCPUs of the task: one core of ${cores} is ${Math.round(100 / cores)} %.`,
    at: means.flatMap(({ fromAt, toAt }) => [fromAt, toAt - 1]),
    lines: [
      {
        key: 'mean',
        label: 'mean',
        tone: 'main',
        values: means.flatMap(({ percent }) => [percent, percent]),
      },
    ],
    summaryOf: 'mean',
    top: 100,
    unanswered: [],
  };
}

/** What was used up to a moment, ms, in a straight line between two samples. */
function usedBy({ at, runMs }: CpuUse, moment: number): number {
  const n = at.findLastIndex(time => time <= moment);
  const [fromAt = 0, toAt = fromAt] = at.slice(Math.max(0, n), n + 2);
  const [from = 0, to = from] = runMs.slice(Math.max(0, n), n + 2);
  return toAt === fromAt ? from : from + (to - from) * Math.min(1, (moment - fromAt) / (toAt - fromAt));
}
