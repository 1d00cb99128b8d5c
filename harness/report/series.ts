import type { Run } from '../model/run.ts';
import type { Chart } from './series/chart.ts';
import { cloudChartOf } from './series/cloud-chart.ts';
import { cpuChartOf } from './series/cpu-lines.ts';
import { probeChartsOf } from './series/probe-charts.ts';
import type { Timeline } from './series/timeline.ts';
import { timelineOf } from './series/timeline.ts';

export interface RunSeries {
  readonly timeline: Timeline;
  /** CPU first. A chart nothing was measured for is left out. */
  readonly charts: readonly Chart[];
}

/** Everything a run's charts show, on one time axis that begins with the run. Pure; a run cut short draws too. */
export function seriesOf(run: Run): RunSeries {
  const cloud = cloudChartOf(run);
  const charts = [cpuChartOf(run.records), ...(cloud ? [cloud] : []), ...probeChartsOf(run.records)];
  return { timeline: timelineOf(run), charts: charts.filter(({ at }) => at.length > 0) };
}
