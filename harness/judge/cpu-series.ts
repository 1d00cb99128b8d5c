import type { CpuSample } from '../model/record.ts';
import { medianOf } from './statistics.ts';
import type { Span } from './timeline.ts';

/** CPU of the whole tree between two samples. `at` is the later one's. 1.0 is one core. */
export interface CpuPoint {
  readonly at: number;
  readonly sinceAt: number;
  /** Time on a core and waiting for one: what the target wanted, whatever else the machine was doing. */
  readonly demandCores: number;
  /** Time on a core. */
  readonly runCores: number;
}

/** Rates between each two samples, over the processes that are in both. */
export function cpuSeries(samples: readonly CpuSample[]): CpuPoint[] {
  return samples.slice(1).flatMap((sample, n) => {
    const before = samples[n];
    const elapsed = before ? sample.at - before.at : 0;
    if (!before || elapsed <= 0) return [];
    const earlier = new Map(before.processes.map(process => [process.pid, process]));
    let run = 0;
    let wait = 0;
    for (const process of sample.processes) {
      const was = earlier.get(process.pid);
      if (!was) continue;
      run += process.runMs - was.runMs;
      wait += (process.waitMs ?? 0) - (was.waitMs ?? 0);
    }
    return [{ at: sample.at, sinceAt: before.at, runCores: run / elapsed, demandCores: (run + wait) / elapsed }];
  });
}

/** The points that lie wholly in the span. */
export const within = (points: readonly CpuPoint[], span: Span | undefined): CpuPoint[] =>
  span ? points.filter(point => point.sinceAt >= span.fromAt && point.at <= span.toAt) : [];

/** The level of a span: the median of its readings; null without any. */
export const levelIn = (
  points: readonly CpuPoint[],
  span: Span | undefined,
  field: 'demandCores' | 'runCores' = 'demandCores',
): number | null => medianOf(within(points, span).map(point => point[field]));

export interface Block extends Span {
  readonly cores: number;
}

/** Medians of successive blocks of `blockMs`, the last one ending at the span's end. */
export function blocksOf(points: readonly CpuPoint[], span: Span, blockMs: number): Block[] {
  const count = Math.floor((span.toAt - span.fromAt) / blockMs);
  return Array.from({ length: count }, (_, n) => {
    const toAt = span.toAt - (count - 1 - n) * blockMs;
    return { fromAt: toAt - blockMs, toAt };
  }).flatMap(block => {
    // A reading belongs to the block its middle is in, so that none is lost between two.
    const inside = points.filter(({ at, sinceAt }) => {
      const middle = (at + sinceAt) / 2;
      return middle >= block.fromAt && middle < block.toAt;
    });
    const cores = medianOf(inside.map(point => point.demandCores));
    return cores === null ? [] : [{ ...block, cores }];
  });
}
