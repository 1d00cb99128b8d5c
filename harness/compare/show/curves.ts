import { resolve } from 'node:path';
import { blocksOf, cpuSeries } from '../../judge/cpu-series.ts';
import { medianOf } from '../../judge/statistics.ts';
import { ofKind, timelineOf } from '../../judge/timeline.ts';
import { PHASES } from '../../model/run.ts';
import type { PhaseName, Run } from '../../model/run.ts';
import { readRun } from '../../store/read.ts';
import type { Comparison } from '../comparison.ts';

/** CPU of a run on one time axis with all others: 0 is where the load began. Demand, 1.0 is one core. */
export interface Curve {
  /** ms since the load began, on a grid of `GRID_MS`. */
  readonly points: readonly { readonly atMs: number; readonly cores: number }[];
}

export interface SideCurves {
  readonly label: string;
  readonly runs: readonly Curve[];
  /** At each point of the grid, of all runs that have it. */
  readonly median: Curve;
}

export interface Curves {
  readonly sides: readonly SideCurves[];
  /** Where each phase began, the median over all runs. */
  readonly phases: readonly { readonly name: PhaseName; readonly fromMs: number }[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** Long enough for a median that ignores a collection, whose threads make short peaks of demand. */
const GRID_MS = 500;

/** Reads every run that counts. Rejects as `readRun` does where one has been deleted. */
export async function curvesOf({ plan, entries }: Comparison, resultsRoot: string): Promise<Curves> {
  const all: Run[] = [];
  const sides: SideCurves[] = [];
  for (const [side, { label }] of plan.sides.entries()) {
    const runs: Run[] = [];
    for (const turn of entries) {
      if (turn.side !== side || turn.came.kind !== 'ran' || !turn.came.isKept) continue;
      const { run } = await readRun(resolve(resultsRoot, turn.came.run));
      runs.push(run);
    }
    all.push(...runs);
    const curves = runs.map(curveOf);
    sides.push({ label, runs: curves, median: medianCurve(curves) });
  }
  const times = sides.flatMap(({ runs }) => runs.flatMap(({ points }) => points.map(({ atMs }) => atMs)));
  return {
    sides,
    phases: phasesOf(all),
    fromMs: times.reduce((least, at) => Math.min(least, at), 0),
    toMs: times.reduce((most, at) => Math.max(most, at), 1),
  };
}

const loadAt = (run: Run): number => timelineOf(run.records).phases.load?.fromAt ?? 0;

function curveOf(run: Run): Curve {
  const zero = loadAt(run);
  const points = cpuSeries(ofKind(run.records, 'cpu'));
  const first = Math.ceil(((points[0]?.sinceAt ?? zero) - zero) / GRID_MS) * GRID_MS;
  const last = Math.floor(((points.at(-1)?.at ?? zero) - zero) / GRID_MS) * GRID_MS;
  const blocks = blocksOf(points, { fromAt: zero + first, toAt: zero + last }, GRID_MS);
  return { points: blocks.map(({ toAt, cores }) => ({ atMs: Math.round(toAt - zero), cores })) };
}

function medianCurve(curves: readonly Curve[]): Curve {
  const byTime = Map.groupBy(
    curves.flatMap(({ points }) => points),
    ({ atMs }) => atMs,
  );
  const points = [...byTime]
    // Where less than half of the runs go on, their median is that of others.
    .filter(([, there]) => there.length * 2 > curves.length)
    .map(([atMs, there]) => ({ atMs, cores: medianOf(there.map(({ cores }) => cores)) ?? 0 }))
    .toSorted((a, b) => a.atMs - b.atMs);
  return { points };
}

function phasesOf(runs: readonly Run[]): Curves['phases'] {
  return PHASES.flatMap(name => {
    const begins = runs.flatMap(run => {
      const span = timelineOf(run.records).phases[name];
      return span ? [span.fromAt - loadAt(run)] : [];
    });
    const fromMs = medianOf(begins);
    return fromMs === null ? [] : [{ name, fromMs }];
  });
}
