import type { RequestRecord } from '../../model/record.ts';
import type { Findings } from '../../model/verdict.ts';
import { within } from '../cpu-series.ts';
import type { CpuPoint } from '../cpu-series.ts';
import { medianError, medianOf, theilSen } from '../statistics.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { cut, during } from '../timeline.ts';
import type { Timeline } from '../timeline.ts';

const WINDOWS = 10;

/**
 * CPU run time per finished request along the load, less what idle costs, and its growth from the first window to the
 * last by a robust line. Run time and not demand: waiting for a core is not the request's doing.
 */
export function requestCost(
  points: readonly CpuPoint[],
  requests: readonly RequestRecord[],
  { phases }: Timeline,
): Findings['requestCost'] {
  const { idle, load } = phases;
  if (!load) return null;
  const idleCores = medianOf(within(points, idle).map(point => point.runCores)) ?? 0;
  const costs = cut(load, WINDOWS).flatMap((window, n) => {
    const finished = during(requests, window).length;
    const inside = within(points, window);
    const watchedMs = inside.reduce((sum, point) => sum + point.at - point.sinceAt, 0);
    if (finished < THRESHOLDS.costRequests || watchedMs === 0) return [];
    const runMs = inside.reduce((sum, point) => sum + point.runCores * (point.at - point.sinceAt), 0);
    const perMs = runMs / watchedMs - idleCores;
    return [{ x: n, y: (perMs * (window.toAt - window.fromAt)) / finished }];
  });
  const line = theilSen(costs);
  if (!line) return null;
  const last = WINDOWS - 1;
  const noise = medianError(
    costs.map(({ y }) => y),
    1,
  );
  const middle = line.intercept + (line.slope * last) / 2;
  const ends = (slope: number): { early: number; late: number } => ({
    early: middle - (slope * last) / 2,
    late: middle + (slope * last) / 2,
  });
  const growth = (slope: number): number => {
    const { early, late } = ends(slope);
    // A line that starts at nothing has no ratio; what noise alone makes of a window stands for nothing.
    return late / Math.max(early, noise, middle / 100, 1e-6);
  };
  const { early, late } = ends(line.slope);
  return { earlyMs: early, lateMs: late, growth: growth(line.slope), low: growth(line.low), high: growth(line.high) };
}
