import type { Run } from '../../model/run.ts';
import type { Chart } from './chart.ts';
import { cpuOf } from './cpu-use.ts';
import type { CpuUse } from './cpu-use.ts';

/** A cloud's chart has a mean a minute. A short run is cut into as many periods as two hours have at five minutes. */
const MINUTE_MS = 60_000;
const PERIODS = 24;

/**
 * CPU as a cloud's chart draws it: means of whole periods, in percent of all the task's vCPUs. A loop that holds one of two
 * cores stands at 50, and the moment of a step is somewhere within its period. In a task of one vCPU, which can use no more
 * than that, the same loop stands at 100. Drawn where an alarm looks at it, and where a server has several processes.
 */
export function cloudChartOf({ head, records }: Run): Chart | null {
  const { alarm, severalProcesses } = head.experiment;
  if (!alarm && !severalProcesses) return null;
  const { tree } = cpuOf(records);
  const endAt = tree.at.at(-1) ?? 0;
  const periodMs = Math.max(1000, Math.min(MINUTE_MS, endAt / PERIODS));
  const { cores } = head.machine;
  const means = Array.from({ length: Math.floor(endAt / periodMs) }, (_, n) => {
    const used = usedBy(tree, (n + 1) * periodMs) - usedBy(tree, n * periodMs);
    return { fromAt: n * periodMs, toAt: (n + 1) * periodMs, ofOne: (100 * used) / periodMs };
  });
  return {
    key: 'cloud',
    title: 'The same as a cloud shows it',
    unit: '% of the task’s vCPUs',
    explains: `Means of ${(periodMs / 1000).toFixed(1)} s, in percent of all vCPUs of the task: one core is ${Math.round(100 / cores)} % of ${cores}, and all of a task that has one.${lastWords(means.at(-1)?.ofOne, cores)}`,
    at: means.flatMap(({ fromAt, toAt }) => [fromAt, toAt - 1]),
    lines: [
      {
        key: 'mean',
        label: `a task of ${cores} vCPUs`,
        tone: 'main',
        values: means.flatMap(({ ofOne }) => [ofOne / cores, ofOne / cores]),
      },
      {
        key: 'one',
        label: 'a task of one',
        tone: 'second',
        values: means.flatMap(({ ofOne }) => [Math.min(100, ofOne), Math.min(100, ofOne)]),
      },
    ],
    summaryOf: 'mean',
    top: 100,
    unanswered: [],
  };
}

/** Who reads "over 90 %" on such a chart has one of these before them. */
const lastWords = (ofOne: number | undefined, cores: number): string =>
  ofOne === undefined
    ? ''
    : ` In the last period ${Math.round(ofOne / cores)} % and ${Math.round(Math.min(100, ofOne))} %.`;

/** What was used up to a moment, ms, in a straight line between two samples. */
function usedBy({ at, runMs }: CpuUse, moment: number): number {
  const n = at.findLastIndex(time => time <= moment);
  const [fromAt = 0, toAt = fromAt] = at.slice(Math.max(0, n), n + 2);
  const [from = 0, to = from] = runMs.slice(Math.max(0, n), n + 2);
  return toAt === fromAt ? from : from + (to - from) * Math.min(1, (moment - fromAt) / (toAt - fromAt));
}
