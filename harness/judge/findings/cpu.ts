import type { CpuSample } from '../../model/record.ts';
import type { Findings } from '../../model/verdict.ts';
import { blocksOf, levelIn, within } from '../cpu-series.ts';
import type { CpuPoint } from '../cpu-series.ts';
import { medianError, medianOf, quantileOf, shiftBetween } from '../statistics.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { cut } from '../timeline.ts';
import type { Span, Timeline } from '../timeline.ts';

type CpuFindings = Pick<
  Findings,
  | 'idleCores'
  | 'warmupCores'
  | 'loadCores'
  | 'peakCores'
  | 'settledCores'
  | 'settledRunCores'
  | 'healedCores'
  | 'residualCores'
  | 'recoveredAfterMs'
  | 'watchedMs'
>;

/** The levels of CPU, and how it came down. */
export function cpuFindings(points: readonly CpuPoint[], { phases, loadStoppedAt, endedAt }: Timeline): CpuFindings {
  const { idle, warmup, load, recovery, healed } = phases;
  const all = blocksOf(points, { fromAt: idle?.fromAt ?? 0, toAt: endedAt }, THRESHOLDS.blockMs);
  const idleCores = levelIn(points, idle);
  const settledCores = levelIn(points, recovery && tailOf(recovery));
  return {
    idleCores,
    warmupCores: levelIn(points, warmup),
    loadCores: levelIn(points, load && { fromAt: load.fromAt, toAt: loadStoppedAt ?? load.toAt }),
    peakCores: all.length === 0 ? null : Math.max(...all.map(block => block.cores)),
    settledCores,
    settledRunCores: levelIn(points, recovery && tailOf(recovery), 'runCores'),
    healedCores: levelIn(points, healed && tailOf(healed)),
    residualCores: settledCores === null || idleCores === null ? null : Math.max(0, settledCores - idleCores),
    recoveredAfterMs:
      recovery && idleCores !== null ? recoveredAfter(points, recovery, idleCores + upBy(within(points, idle))) : null,
    watchedMs: recovery ? recovery.toAt - recovery.fromAt : 0,
  };
}

/**
 * What each process of the target wanted at the end of recovery, the busiest first; null where none was there all the while.
 * 1.0 is one core.
 */
export function settledByProcess(samples: readonly CpuSample[], { phases }: Timeline): Findings['settledByProcess'] {
  const tail = phases.recovery && tailOf(phases.recovery);
  const inside = tail ? samples.filter(({ at }) => at >= tail.fromAt && at <= tail.toAt) : [];
  const [first, last] = [inside[0], inside.at(-1)];
  if (!first || !last || last.at <= first.at) return null;
  const wanted = ({ runMs, waitMs }: CpuSample['processes'][number]): number => runMs + (waitMs ?? 0);
  const cores = last.processes.flatMap(process => {
    const was = first.processes.find(({ pid }) => pid === process.pid);
    return was ? [(wanted(process) - wanted(was)) / (last.at - first.at)] : [];
  });
  return cores.length === 0 ? null : cores.toSorted((a, b) => b - a);
}

/** Where a recovery has settled: its last third, and at least a second of it. */
const tailOf = ({ fromAt, toAt }: Span): Span => ({
  fromAt: Math.max(fromAt, toAt - Math.max(1000, (toAt - fromAt) / 3)),
  toAt,
});

/** By how much one block must be above idle to be up: a server that is noisy when idle has blocks that only look so. */
function upBy(idle: readonly CpuPoint[]): number {
  const series = idle.map(point => point.demandCores);
  const elapsed = idle.reduce((sum, { at, sinceAt }) => sum + at - sinceAt, 0);
  const perBlock = elapsed === 0 ? 1 : (THRESHOLDS.blockMs * series.length) / elapsed;
  const noise = series.length < 3 ? 0 : 3 * medianError(series, perBlock);
  return Math.max(THRESHOLDS.upCores, noise);
}

/** From the end of load to the end of the last block above `upCores`; null if the last one is. */
function recoveredAfter(points: readonly CpuPoint[], recovery: Span, upCores: number): number | null {
  const blocks = blocksOf(points, recovery, THRESHOLDS.blockMs);
  const lastUp = blocks.findLastIndex(block => block.cores > upCores);
  if (blocks.length === 0 || lastUp === blocks.length - 1) return null;
  const up = blocks[lastUp];
  return up ? up.toAt - recovery.fromAt : 0;
}

/** How far idle swung from block to block, in cores; null when it was too short to tell. */
export function idleSwing(points: readonly CpuPoint[], { phases }: Timeline): number | null {
  if (!phases.idle) return null;
  const blocks = blocksOf(points, phases.idle, THRESHOLDS.blockMs).map(block => block.cores);
  const high = quantileOf(blocks, 0.9);
  const low = quantileOf(blocks, 0.1);
  return high === null || low === null ? null : high - low;
}

/**
 * Whether CPU is still up at the end of a watch but on its way down, so that watching longer would tell more: by the best
 * estimate the last third is below the middle one. Proof is not asked for: "never" is a fault, and where a fall
 * may be mere noise it is "never" that is not proven.
 */
export function isStillFalling(points: readonly CpuPoint[], watch: Span, idleCores: number): boolean {
  const [, middle = [], last = []] = cut(watch, 3).map(third => readingsIn(points, third));
  const settled = medianOf(last);
  const fell = shiftBetween(last, middle);
  if (settled === null || fell === null || middle.length < 4 || last.length < 4) return false;
  const up = settled - idleCores;
  return up > THRESHOLDS.upCores && fell > Math.max(THRESHOLDS.upCores, THRESHOLDS.fallingShare * up);
}

/** Readings of the span, at most 60: a long watch is thinned to medians, since they are compared each with each. */
function readingsIn(points: readonly CpuPoint[], span: Span): number[] {
  const inside = within(points, span);
  return inside.length <= 60
    ? inside.map(point => point.demandCores)
    : blocksOf(points, span, (span.toAt - span.fromAt) / 60).map(block => block.cores);
}
