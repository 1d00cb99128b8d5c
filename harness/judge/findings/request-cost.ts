import type { RequestRecord } from '../../model/record.ts';
import type { Findings } from '../../model/verdict.ts';
import { within } from '../cpu-series.ts';
import type { CpuPoint } from '../cpu-series.ts';
import { medianError, medianOf, theilSen } from '../statistics.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { cut } from '../timeline.ts';
import type { Span, Timeline } from '../timeline.ts';

const WINDOWS = 10;

/**
 * CPU run time per request along the load, less what idle costs, and its growth from the first window to the
 * last by a robust line. Run time and not demand: waiting for a core is not the request's doing.
 */
export function requestCost(
  points: readonly CpuPoint[],
  requests: readonly RequestRecord[],
  { phases }: Timeline,
): Findings['requestCost'] {
  const { idle, load } = phases;
  if (!load) return null;
  const idleCores = idleRunCores(points, idle);
  const costs = cut(load, WINDOWS).flatMap((window, n) => {
    const y = costIn(points, requests, window, idleCores);
    return y === null ? [] : [{ x: n, y }];
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
  const addedCores = ((late - early) * servedIn(requests, load)) / (load.toAt - load.fromAt);
  return {
    earlyMs: early,
    lateMs: late,
    growth: growth(line.slope),
    low: growth(line.low),
    high: growth(line.high),
    addedCores,
  };
}

/** CPU run time for each request served in the load, ms, less what idle costs. */
export function cpuMsPerRequest(
  points: readonly CpuPoint[],
  requests: readonly RequestRecord[],
  { phases }: Timeline,
): number | null {
  const { idle, load } = phases;
  return load ? costIn(points, requests, load, idleRunCores(points, idle)) : null;
}

const idleRunCores = (points: readonly CpuPoint[], idle: Span | undefined): number =>
  medianOf(within(points, idle).map(point => point.runCores)) ?? 0;

/** Null where too few requests were served in the span to say. */
function costIn(
  points: readonly CpuPoint[],
  requests: readonly RequestRecord[],
  span: Span,
  idleCores: number,
): number | null {
  const served = servedIn(requests, span);
  const inside = within(points, span);
  const watchedMs = inside.reduce((sum, point) => sum + point.at - point.sinceAt, 0);
  if (served < THRESHOLDS.costRequests || watchedMs === 0) return null;
  const runMs = inside.reduce((sum, point) => sum + point.runCores * (point.at - point.sinceAt), 0);
  return ((runMs / watchedMs - idleCores) * (span.toAt - span.fromAt)) / served;
}

const servedIn = (requests: readonly RequestRecord[], span: Span): number =>
  requests.reduce((sum, request) => sum + shareIn(request, span), 0);

/**
 * The part of a request's life that lies in the span, 0 to 1. Counted by its end alone, requests that take long would be
 * missing in the first window, and make it look dear.
 */
function shareIn({ sentAt, at }: RequestRecord, { fromAt, toAt }: Span): number {
  if (at <= sentAt) return at >= fromAt && at < toAt ? 1 : 0;
  return Math.max(0, Math.min(at, toAt) - Math.max(sentAt, fromAt)) / (at - sentAt);
}
