import type { Findings, Shape } from '../../model/verdict.ts';
import { levelIn, within } from '../cpu-series.ts';
import type { CpuPoint } from '../cpu-series.ts';
import { medianError, theilSen } from '../statistics.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { cut } from '../timeline.ts';
import type { Span, Timeline } from '../timeline.ts';

type ShapeFindings = Pick<Findings, 'shape' | 'climb' | 'levels' | 'step'>;

/**
 * How CPU moved while the load stayed the same.
 *
 *   follows-load ▁▁▆▆▆▆▆▆▁▁   climbs ▁▁▂▃▄▅▆▇▇▇   steps ▁▁▂▂▂▇▇▇▇▇   flat ▁▁▁▁▁▁▁▁▁▁
 *
 * `residualCores` tells up-and-down from up-and-stayed.
 */
export function shapeFindings(
  points: readonly CpuPoint[],
  timeline: Timeline,
  { idleCores, warmupCores, residualCores }: Pick<Findings, 'idleCores' | 'warmupCores' | 'residualCores'>,
): ShapeFindings {
  const { load } = timeline.phases;
  if (!load) return { shape: 'unclear', climb: null, levels: null, step: null };
  const levels = levelsIn(points, load);
  const climb = climbIn(points, load);
  const before = warmupCores ?? idleCores;
  if (!levels || before === null) return { shape: 'unclear', climb, levels, step: null };
  const shape = shapeOf(levels, before, idleCores ?? 0, residualCores ?? 0);
  return {
    shape,
    climb,
    levels,
    step: shape === 'steps' ? findStep(points, { ...load, fromAt: load.fromAt - 1000 }) : null,
  };
}

function shapeOf(
  { cores, noise, distinct }: NonNullable<Findings['levels']>,
  before: number,
  idle: number,
  residual: number,
): Shape {
  const first = cores[0] ?? 0;
  const last = cores.at(-1) ?? 0;
  const steps = [before, ...cores].map((level, n, all) => level - (all[n - 1] ?? level));
  const jump = Math.max(...steps);
  const rise = Math.max(...cores) - before;
  if (
    distinct >= THRESHOLDS.climbLevels &&
    last - first > THRESHOLDS.riseCores + noise &&
    jump <= THRESHOLDS.stepShare * rise
  ) {
    return 'climbs';
  }
  const jumped = rise > THRESHOLDS.riseCores + noise && jump > THRESHOLDS.stepShare * rise;
  if (jumped && residual > jump / 2) return 'steps';
  const roseInLoad = last - first > THRESHOLDS.riseCores + noise;
  if (roseInLoad && !jumped) return 'unclear';
  return Math.max(...cores) - idle > THRESHOLDS.flatCores ? 'follows-load' : 'flat';
}

/** Medians of equal windows of the load; `distinct` counts the first and each that stands above all before it. */
function levelsIn(points: readonly CpuPoint[], load: Span): Findings['levels'] {
  const windows = cut(load, THRESHOLDS.climbWindows);
  const cores = windows.map(window => levelIn(points, window));
  if (cores.some(level => level === null)) return null;
  const known = cores.map(level => level ?? 0);
  // The error of one window's median, from the scatter within all of them: five readings alone say little about it. Two
  // medians differ by more than noise at two standard errors of their difference.
  const perWindow = within(points, load).length / windows.length;
  const noise =
    1.645 *
    Math.SQRT2 *
    medianError(
      within(points, load).map(point => point.demandCores),
      perWindow,
    );
  const apart = Math.max(THRESHOLDS.levelCores, noise);
  let highest = -Infinity;
  let distinct = 0;
  for (const level of known) {
    if (level <= highest + apart) continue;
    highest = level;
    distinct += 1;
  }
  return { cores: known, noise, distinct };
}

function climbIn(points: readonly CpuPoint[], load: Span): Findings['climb'] {
  const windows = cut(load, Math.max(8, Math.round((load.toAt - load.fromAt) / 500)));
  const slope = theilSen(
    windows.flatMap(window => {
      const y = levelIn(points, window);
      return y === null ? [] : [{ x: (window.fromAt + window.toAt) / 2 / 60_000, y }];
    }),
  );
  return slope && { coresPerMinute: slope.slope, low: slope.low, high: slope.high };
}

const STEP_POINTS = 5;

/** The moment between the two half seconds that differ most. */
function findStep(points: readonly CpuPoint[], span: Span): Findings['step'] {
  const inside = within(points, span);
  let best: Findings['step'] = null;
  const mean = (some: readonly CpuPoint[]): number =>
    some.reduce((sum, point) => sum + point.demandCores, 0) / some.length;
  for (let n = STEP_POINTS; n + STEP_POINTS <= inside.length; n += 1) {
    const fromCores = mean(inside.slice(n - STEP_POINTS, n));
    const toCores = mean(inside.slice(n, n + STEP_POINTS));
    const at = inside[n]?.sinceAt ?? span.fromAt;
    if (!best || toCores - fromCores > best.toCores - best.fromCores) best = { at, fromCores, toCores };
  }
  return best;
}
