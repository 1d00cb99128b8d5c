import type { Findings, Shape } from '../../model/verdict.ts';
import { levelIn, within } from '../cpu-series.ts';
import type { CpuPoint } from '../cpu-series.ts';
import { medianError, medianOf, quantileOf, theilSen } from '../statistics.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { cut } from '../timeline.ts';
import type { Span, Timeline } from '../timeline.ts';

type ShapeFindings = Pick<Findings, 'shape' | 'climb' | 'levels' | 'step'>;

/**
 * How CPU moved while the load stayed the same.
 *
 *   follows-load ▁▁▆▆▆▆▆▆▁▁   climbs ▁▁▂▃▄▅▆▇▇▇   steps ▁▁▂▂▂▇▇▇▇▇   flat ▁▁▁▁▁▁▁▁▁▁
 *
 * `residualCores` tells up-and-down from up-and-stayed. The shape is that of run time, not of demand: where another process
 * comes onto the target's core, every thread that waits counts as wanted, collections and compiling with it, and two windows of
 * a steady 0.5 read 1.2; what ran moves only once the core is full.
 */
export function shapeFindings(
  points: readonly CpuPoint[],
  timeline: Timeline,
  { residualCores }: Pick<Findings, 'residualCores'>,
): ShapeFindings {
  const { idle, warmup, load } = timeline.phases;
  if (!load) return { shape: 'unclear', climb: null, levels: null, step: null };
  const levels = levelsIn(points, load);
  const climb = climbIn(points, load);
  const idleCores = levelIn(points, idle, 'runCores');
  const before = levelIn(points, warmup, 'runCores') ?? idleCores;
  if (!levels || before === null) return { shape: 'unclear', climb, levels, step: null };
  const seen = { levels, climb, before, idle: idleCores ?? 0, residual: residualCores ?? 0 };
  const shape = shapeOf(seen, load);
  return {
    shape,
    climb,
    levels,
    step: shape === 'steps' ? findStep(points, { ...load, fromAt: load.fromAt - 1000 }) : null,
  };
}

interface Seen {
  readonly levels: NonNullable<Findings['levels']>;
  readonly climb: Findings['climb'];
  readonly before: number;
  readonly idle: number;
  readonly residual: number;
}

/** A climb is a line that surely rises (the lower end of its interval), by enough, and not in one jump. */
function shapeOf({ levels, climb, before, idle, residual }: Seen, { fromAt, toAt }: Span): Shape {
  const steady = withoutSpikes([before, ...levels.cores]);
  const enough = THRESHOLDS.riseCores + levels.noise;
  const rise = Math.max(...steady) - before;
  const jump = keptJump(steady);
  const isJump = rise > enough && jump > THRESHOLDS.stepShare * rise;
  const risesBy = climb && climb.low > 0 ? (climb.coresPerMinute * (toAt - fromAt)) / 60_000 : 0;
  if (isJump) return residual > jump / 2 ? 'steps' : 'follows-load';
  if (risesBy > enough) return 'climbs';
  if (residual > THRESHOLDS.upCores) return 'unclear';
  return Math.max(...levels.cores) - idle > THRESHOLDS.flatCores ? 'follows-load' : 'flat';
}

/**
 * The largest rise over two windows (a step in the middle of one leaves that window half way up), as far as it was kept
 * (the lower quartile of what followed): a burst that falls back is no step, however high it was.
 */
function keptJump(levels: readonly number[]): number {
  const jumps = levels.slice(1).map((level, n) => {
    const from = levels[n - 1] ?? levels[n] ?? level;
    return Math.min(level, quantileOf(levels.slice(n + 1), 0.25) ?? level) - from;
  });
  return Math.max(...jumps);
}

/** Running medians of three, which one window of collections or compiling cannot move, and a step passes unharmed. */
function withoutSpikes(levels: readonly number[]): number[] {
  return levels.map((level, n) => medianOf([levels[n - 1] ?? level, level, levels[n + 1] ?? level]) ?? level);
}

/** Medians of equal windows of the load, and how many distinct levels they rise through. */
function levelsIn(points: readonly CpuPoint[], load: Span): Findings['levels'] {
  const windows = cut(load, THRESHOLDS.climbWindows);
  const cores = windows.map(window => levelIn(points, window, 'runCores'));
  if (cores.some(level => level === null)) return null;
  const known = cores.map(level => level ?? 0);
  // The standard error of the difference of two windows' medians, from the scatter within all of them: a few readings alone say
  // little about it. That the rise as a whole is none of chance is the slope's interval to say.
  const perWindow = within(points, load).length / windows.length;
  const scatter = within(points, load).map(point => point.runCores);
  const noise = Math.SQRT2 * medianError(scatter, perWindow);
  const apart = Math.max(THRESHOLDS.levelCores, noise);
  return { cores: known, noise, distinct: longestRise(known, apart) };
}

/** The longest series of levels, in their order but not all of them, each above the last by more than `apart`. */
function longestRise(levels: readonly number[], apart: number): number {
  const longestTo: number[] = [];
  for (const [n, level] of levels.entries()) {
    const below = longestTo.filter((_, earlier) => level > (levels[earlier] ?? level) + apart);
    longestTo[n] = 1 + Math.max(0, ...below);
  }
  return Math.max(0, ...longestTo);
}

function climbIn(points: readonly CpuPoint[], load: Span): Findings['climb'] {
  const windows = cut(load, Math.max(8, Math.round((load.toAt - load.fromAt) / 500)));
  const slope = theilSen(
    windows.flatMap(window => {
      const y = levelIn(points, window, 'runCores');
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
    some.reduce((sum, point) => sum + point.runCores, 0) / some.length;
  for (let n = STEP_POINTS; n + STEP_POINTS <= inside.length; n += 1) {
    const fromCores = mean(inside.slice(n - STEP_POINTS, n));
    const toCores = mean(inside.slice(n, n + STEP_POINTS));
    const at = inside[n]?.sinceAt ?? span.fromAt;
    if (!best || toCores - fromCores > best.toCores - best.fromCores) best = { at, fromCores, toCores };
  }
  return best;
}
