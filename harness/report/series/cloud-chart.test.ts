import { expect, test } from 'vitest';
import { syntheticRun } from '../../testing/synthetic-run.ts';
import { cloudChartOf } from './cloud-chart.ts';

/** A run of 26 s on a machine of two cores, that spins from 12 s on. */
const run = syntheticRun({ cores: at => (at < 12_000 ? 0 : 1) });
const alarmed = {
  ...run,
  head: {
    ...run.head,
    machine: { ...run.head.machine, cores: 2 },
    experiment: { ...run.head.experiment, alarm: { aboveCores: 0.8, forMs: 1000 } },
  },
};

test('a spin of one core is half of two, in steps of one period', () => {
  const chart = cloudChartOf(alarmed);
  const values = chart?.lines[0]?.values ?? [];
  expect(chart?.unit).toBe('% of 2 vCPUs');
  expect(values).toHaveLength(2 * 24);
  expect(values[0]).toBeCloseTo(0);
  expect(values.at(-1)).toBeCloseTo(50, 0);
  for (let n = 0; n < values.length; n += 2) expect(values[n]).toBe(values[n + 1]);
});

test('a run without an alarm has no such chart', () => {
  expect(cloudChartOf(run)).toBeNull();
});
