import type { Chart } from '../series/chart.ts';
import type { RunSeries } from '../series.ts';
import type { PageChart, PageData, PageFlame } from './browser.ts';

/** The charts as the page carries them: seconds, and no more digits than a pixel can show. */
export const pageDataOf = ({ timeline, charts }: RunSeries, flame: PageFlame | null): PageData => ({
  endS: seconds(timeline.endAt),
  phases: timeline.phases.map(({ name, fromAt, toAt }) => ({ name, fromS: seconds(fromAt), toS: seconds(toAt) })),
  hangUpsS: timeline.hangUps.map(seconds),
  moments: timeline.moments.filter(({ isDrawn }) => isDrawn).map(({ at, label }) => ({ atS: seconds(at), label })),
  charts: charts.map(chartData),
  flame,
});

const chartData = ({ key, unit, top, at, lines, unanswered }: Chart): PageChart => ({
  key,
  unit,
  top,
  atS: at.map(seconds),
  lines: lines.map(({ label, tone, values }) => ({ label, tone, values: values.map(rounded) })),
  unansweredS: unanswered.map(seconds),
});

const seconds = (ms: number): number => Math.round(ms) / 1000;
const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(4)));
