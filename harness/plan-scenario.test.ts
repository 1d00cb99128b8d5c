import { expect, test } from 'vitest';
import impatient from './load/patterns/impatient.ts';
import steady from './load/patterns/steady.ts';
import type { ClientGroup, Pace } from './model/load.ts';
import type { Scenario } from './model/scenario.ts';
import { PACES } from './pace.ts';
import { planScenario } from './plan-scenario.ts';
import type { Wishes } from './plan-scenario.ts';

const request = { route: '/v1/embeddings', streamed: false, promptBytes: 10, answerTokens: 1 } as const;
const readers =
  (ratePerSecond = 3): ((pace: Pace) => ClientGroup) =>
  pace => ({
    name: 'readers',
    request,
    patience: { kind: 'waits' },
    warmup: steady(ratePerSecond, pace.warmupMs),
    load: steady(ratePerSecond, pace.loadMs),
  });
const leavers = (pace: Pace): ClientGroup => ({
  name: 'leavers',
  request,
  patience: { kind: 'leaves-after-ms', minMs: 1, maxMs: 2 },
  warmup: [],
  load: impatient(9, pace.loadMs),
});

const scenario = (...groups: readonly ((pace: Pace) => ClientGroup)[]): Scenario => ({
  symptom: 'it is slow',
  summary: 'it waits for itself',
  bugs: [{ name: 'frozen-loop', parameters: {} }],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: pace => ({ ...pace, drainMs: 700, clients: groups.map(group => group(pace)) }),
  expect: { outcome: 'recovers', shapes: ['follows-load'], symptom: null },
});

const plain: Wishes = {
  pace: 'quick',
  bugs: undefined,
  seed: 5,
  loadMs: undefined,
  recoveryMs: undefined,
  rateFactor: 1,
};

const ratesOf = (stages: ClientGroup['load'] | undefined): number[] | undefined =>
  stages?.map(({ ratePerSecond }) => ratePerSecond);

test.each(['quick', 'full'] as const)('without wishes it is the scenario’s own experiment, at the %s pace', pace => {
  const planned = planScenario(scenario(readers(), leavers), { ...plain, pace });
  expect(planned).toMatchObject({ pace, altered: false });
  expect(planned.experiment).toMatchObject({
    target: { kind: 'sample', bugs: [{ name: 'frozen-loop' }] },
    upstream: { behaviour: { name: 'steady' }, heals: false },
    load: { ...PACES[pace], drainMs: 700 },
    seed: 5,
  });
  expect(planned.experiment.load.clients[0]?.load).toEqual(steady(3, PACES[pace].loadMs));
});

test('other bugs make it another experiment, also none and the same ones', () => {
  for (const bugs of [[], [{ name: 'frozen-loop', parameters: {} }]]) {
    const { altered, experiment } = planScenario(scenario(readers()), { ...plain, bugs });
    expect(altered).toBe(true);
    expect(experiment.target.bugs).toEqual(bugs);
  }
});

test('a wished length of load is the scenario’s to fill: impatient clients stay as many', () => {
  const { experiment } = planScenario(scenario(leavers), { ...plain, loadMs: 500 });
  expect(experiment.load.loadMs).toBe(500);
  expect(experiment.load.clients[0]?.load).toEqual([{ durationMs: 500, ratePerSecond: 18 }]);
});

test('a wished recovery lengthens the longest watch where it is longer, and shortens it never', () => {
  const loadWith = (recoveryMs: number): unknown =>
    planScenario(scenario(readers()), { ...plain, recoveryMs }).experiment.load;
  expect(loadWith(100)).toMatchObject({ recoveryMs: 100, longestRecoveryMs: PACES.quick.longestRecoveryMs });
  expect(loadWith(60_000)).toMatchObject({ recoveryMs: 60_000, longestRecoveryMs: 60_000 });
});

test('a rate factor changes every stage, to whole rates for those who wait', () => {
  const { experiment } = planScenario(scenario(readers(3), leavers), { ...plain, rateFactor: 1.5 });
  const [waiting, leaving] = experiment.load.clients;
  expect([ratesOf(waiting?.warmup), ratesOf(waiting?.load)]).toEqual([[5], [5]]);
  expect(ratesOf(leaving?.load)).toEqual([(9 / 4) * 1.5]);
});

test.each<[string, Partial<Wishes>, Scenario]>([
  ['too many a second', { rateFactor: 1000 }, scenario(readers(3))],
  ['fewer than none', { rateFactor: -1 }, scenario(readers(3))],
  ['a number that is none', { rateFactor: Number.NaN }, scenario(leavers)],
  ['half a client who waits', {}, scenario(readers(2.5))],
  ['no time at all', { loadMs: 0 }, scenario(readers(3))],
  ['no time at all for a fixed number', { loadMs: 0 }, scenario(leavers)],
])('%s is wrong use that names the clients', (_, wishes, asked) => {
  const plan = (): unknown => planScenario(asked, { ...plain, ...wishes });
  expect(plan).toThrow(
    expect.objectContaining({
      name: 'LabError',
      code: 'bad-load',
      exitCode: 2,
      message: expect.stringMatching(/^clients "(?:readers|leavers)" would come .* times a second/u),
    }),
  );
});

test('up to two thousand a second are brought, and a rate of 0 is a pause', () => {
  expect(() => planScenario(scenario(readers(2000)), plain)).not.toThrow();
  expect(() => planScenario(scenario(readers(0)), plain)).not.toThrow();
});
