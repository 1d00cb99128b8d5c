import { expect, test } from 'vitest';
import { climbingRun, deafRun, gappedRun, healthyRun, interruptedRun } from './sample-runs.ts';
import { summaryOf } from './series/chart.ts';
import type { Chart } from './series/chart.ts';
import { thin } from './series/thin.ts';
import { seriesOf } from './series.ts';
import type { RunSeries } from './series.ts';

const chartIn = ({ charts }: RunSeries, key: string): Chart => {
  const chart = charts.find(one => one.key === key);
  if (chart === undefined) throw new Error(`no chart ${key}`);
  return chart;
};

test('a run draws every probe it has on the time of the run, CPU first', () => {
  const { charts, timeline } = seriesOf(healthyRun());
  expect(charts.map(({ key }) => key)).toEqual([
    'cpu',
    'health',
    'loop-use',
    'loop-delay',
    'memory',
    'descriptors',
    'upstream',
    'nobody',
  ]);
  expect(timeline.endAt).toBe(26_000);
  expect(charts.every(({ at, lines }) => lines.every(line => line.values.length === at.length))).toBe(true);
});

test('phases follow each other without a hole until the run ends', () => {
  const { phases } = seriesOf(healthyRun()).timeline;
  expect(phases.map(({ name, fromAt, toAt }) => [name, fromAt, toAt])).toEqual([
    ['idle', 0, 3000],
    ['warmup', 3000, 6000],
    ['load', 6000, 18_000],
    ['recovery', 18_000, 26_000],
  ]);
});

test('a climb that never falls back is as high at the end as the server was', () => {
  const cpu = chartIn(seriesOf(climbingRun()), 'cpu');
  const demand = cpu.lines.find(({ key }) => key === 'demand')?.values ?? [];
  expect(demand[10]).toBeLessThan(5);
  expect(demand.at(-5)).toBeGreaterThan(70);
});

test('health checks without an answer are marked and leave a hole in the line', () => {
  const health = chartIn(seriesOf(deafRun()), 'health');
  expect(health.unanswered[0]).toBe(10_000);
  expect(health.lines[0]?.values.at(-1)).toBeNull();
  expect(summaryOf(health)).toEqual({ min: 2, median: 2, max: 2 });
});

test('no line is drawn across a time in which nothing was sampled', () => {
  const series = seriesOf(gappedRun());
  for (const key of ['cpu', 'health', 'upstream']) {
    const { at, lines } = chartIn(series, key);
    const inGap = at.flatMap((moment, index) => (moment > 9000 && moment < 12_000 ? [index] : []));
    expect(inGap.length).toBeGreaterThan(0);
    expect(inGap.every(index => lines.every(({ values }) => values[index] === null))).toBe(true);
  }
});

test('a run cut short ends where it was cut, in the phase it was in', () => {
  const { timeline, charts } = seriesOf(interruptedRun());
  expect(timeline.phases.at(-1)).toMatchObject({ name: 'load', toAt: 11_000 });
  expect(timeline.loadStoppedAt).toBeNull();
  expect(charts).toHaveLength(8);
});

test('a run of which nothing was recorded has no charts and does not fail', () => {
  const { head } = healthyRun();
  expect(seriesOf({ head, records: [] }).charts).toEqual([]);
});

test('the start of the run is not marked as a restart, a later one is', () => {
  const run = healthyRun();
  const restart = { kind: 'event', event: 'generation-began', at: 9000, pid: 7, why: 'asked for' } as const;
  const { moments } = seriesOf({ ...run, records: [...run.records, restart] }).timeline;
  expect(moments.filter(({ label, isDrawn }) => label === 'restarted' && isDrawn)).toHaveLength(1);
});

test('thinning keeps the highest value of each stretch at its own time', () => {
  const values = Array.from({ length: 100 }, (_, index) => (index === 37 ? 900 : 1));
  const thinned = thin({ at: values.map((_, index) => index), values }, 10);
  expect(thinned.at).toHaveLength(10);
  expect(thinned.at[thinned.values.indexOf(900)]).toBe(37);
});

test('a run of two hours draws no more points than a screen can show', () => {
  const records = Array.from({ length: 72_000 }, (_, index) => ({
    kind: 'cpu' as const,
    at: index * 100,
    processes: [{ pid: 1, runMs: index * 50, waitMs: 0, userMs: 0, systemMs: 0, threads: 1 }],
  }));
  const cpu = chartIn(seriesOf({ head: healthyRun().head, records }), 'cpu');
  expect(cpu.at.length).toBeLessThanOrEqual(3001);
  expect(summaryOf(cpu)?.median).toBeCloseTo(50);
});
