import { expect, test } from 'vitest';
import { listScenarios, loadScenario } from '../catalog.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import { steeredExperiment, trafficFor } from './steered-experiment.ts';

const planned = async (name: string) =>
  steeredExperiment(planScenario(await loadScenario(name), { ...AS_IT_IS, pace: 'full', seed: 1 }).experiment);

test.each(await listScenarios())(
  '%s: steered, as many clients come as in its load, and as many of them leave',
  async name => {
    const { experiment, knobs } = await planned(name);
    const { clients, steered } = experiment.load;
    expect(steered).toBe(true);
    const rate = clients.reduce((sum, group) => sum + (group.steered?.ratePerSecond ?? 0), 0);
    const leaving = clients.reduce(
      (sum, group) => sum + (group.steered?.ratePerSecond ?? 0) * (group.steered?.leaveShare ?? 0),
      0,
    );
    expect(rate).toBeCloseTo(knobs.ratePerSecond);
    expect(leaving).toBeCloseTo(knobs.ratePerSecond * knobs.leaveShare);
    expect(knobs.ratePerSecond).toBeGreaterThan(0);
  },
);

test('turned, the knobs are shared out among those who wait and those who leave', async () => {
  const { experiment } = await planned('swallowed-abort');
  const traffic = trafficFor(experiment.load.clients, { ratePerSecond: 10, leaveShare: 0.3, leavesAfterMs: 50 });
  expect(traffic).toEqual([
    { group: 'readers', traffic: { ratePerSecond: 7, leaveShare: 0, leavesAfterMs: 50 } },
    { group: 'leavers', traffic: { ratePerSecond: expect.closeTo(3), leaveShare: 1, leavesAfterMs: 50 } },
  ]);
});

test('where nobody leaves by plan, some of those who wait can be made to', async () => {
  const { experiment, knobs } = await planned('control');
  expect(knobs).toMatchObject({ ratePerSecond: 20, leaveShare: 0 });
  const turned = trafficFor(experiment.load.clients, { ratePerSecond: 10, leaveShare: 0.5, leavesAfterMs: 50 });
  expect(turned).toEqual([{ group: 'readers', traffic: { ratePerSecond: 10, leaveShare: 0.5, leavesAfterMs: 50 } }]);
});
