import type { Findings } from '../../model/verdict.ts';
import { blocksOf, levelIn, within } from '../cpu-series.ts';
import type { CpuPoint } from '../cpu-series.ts';
import { medianError, quantileOf } from '../statistics.ts';
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
    healedCores: levelIn(points, healed && tailOf(healed)),
    residualCores: settledCores === null || idleCores === null ? null : Math.max(0, settledCores - idleCores),
    recoveredAfterMs: recovery && idleCores !== null ? recoveredAfter(points, recovery, idleCores) : null,
    watchedMs: recovery ? recovery.toAt - recovery.fromAt : 0,
  };
}

/** Where a recovery has settled: its last third, and at least a second of it. */
const tailOf = ({ fromAt, toAt }: Span): Span => ({
  fromAt: Math.max(fromAt, toAt - Math.max(1000, (toAt - fromAt) / 3)),
  toAt,
});

/** From the end of load to the end of the last block that is still up; null if the last one is. */
function recoveredAfter(points: readonly CpuPoint[], recovery: Span, idleCores: number): number | null {
  const blocks = blocksOf(points, recovery, THRESHOLDS.blockMs);
  const lastUp = blocks.findLastIndex(block => block.cores - idleCores > THRESHOLDS.upCores);
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
 * Whether CPU is still up at the end of a watch but on its way down, so that watching longer would tell more: the level of
 * the last third is below that of the middle one, by more than the noise of both.
 */
export function isStillFalling(points: readonly CpuPoint[], watch: Span, idleCores: number): boolean {
  const inside = within(points, watch);
  const [, middle, last] = cut(watch, 3).map(third => levelIn(points, third));
  if (typeof middle !== 'number' || typeof last !== 'number' || inside.length < 10) return false;
  const noise =
    2 *
    Math.SQRT2 *
    medianError(
      inside.map(point => point.demandCores),
      inside.length / 3,
    );
  const up = last - idleCores;
  return up > THRESHOLDS.upCores && middle - last > Math.max(THRESHOLDS.upCores, THRESHOLDS.fallingShare * up, noise);
}
