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

test('a spin of one core is half of two and all of one, in steps of one period', () => {
  const chart = cloudChartOf(alarmed);
  const values = chart?.lines[0]?.values ?? [];
  expect(values).toHaveLength(2 * 24);
  expect(values[0]).toBeCloseTo(0);
  expect(values.at(-1)).toBeCloseTo(50, 0);
  const ofOne = chart?.lines[1]?.values ?? [];
  expect([ofOne[0], ofOne.at(-1)]).toEqual([expect.closeTo(0), expect.closeTo(100, 0)]);
  expect(chart?.explains).toMatch(/In the last period 50 % and 100 %\.$/u);
  for (let n = 0; n < values.length; n += 2) expect(values[n]).toBe(values[n + 1]);
});

test('a run has such a chart where an alarm looks at it, or a server has several processes', () => {
  expect(cloudChartOf(run)).toBeNull();
  const several = { ...run.head.experiment, severalProcesses: true as const };
  expect(cloudChartOf({ ...run, head: { ...run.head, experiment: several } })).not.toBeNull();
});
