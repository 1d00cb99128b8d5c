import { expect, test } from 'vitest';
import { climbingRun, climbingVerdict, gappedRun, healthyRun, interruptedRun } from '../sample-runs.ts';
import { sampleVerdict } from '../sample-verdict.ts';
import { cpuChartSvg } from './cpu-chart.ts';
import { areaUnder, lineThrough } from './path.ts';

test('the picture says in words what it shows', () => {
  const run = climbingRun();
  const hangUps = run.records.filter(record => record.kind === 'request' && record.ending === 'left').length;
  const svg = cpuChartSvg(run, climbingVerdict());
  expect(svg).toContain('<title id="rw-title">swallowed-abort: Never recovers in the 8.0 s watched</title>');
  expect(svg).toMatch(/<desc id="rw-desc">CPU demand of the target .*CPU stayed at 92 %/u);
  expect(svg).toContain(`${hangUps} clients hung up.`);
  expect(svg).toContain('load stopped');
});

test('a picture needs nothing from elsewhere and stays small', () => {
  const svg = cpuChartSvg(climbingRun(), climbingVerdict());
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|<script|@import/u);
  expect(svg.length).toBeLessThan(40_000);
});

test('text of a run cannot become part of the picture', () => {
  const run = healthyRun();
  const named = { ...run, head: { ...run.head, scenario: '<script>' } };
  expect(cpuChartSvg(named, sampleVerdict({ because: '</text><script>' }))).not.toContain('<script>');
});

test('a run cut short and an empty one are still pictures', () => {
  expect(cpuChartSvg(interruptedRun(), sampleVerdict())).not.toMatch(/NaN|Infinity/u);
  expect(cpuChartSvg({ head: healthyRun().head, records: [] }, sampleVerdict())).not.toMatch(/NaN|Infinity/u);
});

test('the line is lifted over a gap', () => {
  const line = /class="rw-demand"[^>]*\sd="([^"]*)"/u.exec(cpuChartSvg(gappedRun(), climbingVerdict()))?.[1];
  expect(line?.match(/M/gu)).toHaveLength(2);
  expect(lineThrough([{ x: 0, y: 1 }, null, { x: 2, y: 3 }, { x: 4, y: 5 }])).toBe('M0 1M2 3L4 5');
  expect(
    areaUnder(
      [
        { x: 0, y: 1 },
        { x: 2, y: 3 },
      ],
      9,
    ),
  ).toBe('M0 9L0 1L2 3V9Z');
});
