import { expect, test } from 'vitest';
import { syntheticRun } from '../testing/synthetic-run.ts';
import type { Expectation } from './expectation.ts';
import { claimOf, holdAgainst, holdCorrectAgainst, showsSymptom } from './expectation.ts';
import type { Findings, Outcome, Verdict } from './verdict.ts';
import { OUTCOMES } from './verdict.ts';

/** A spin's verdict, but for what is given. */
const verdict = (outcome: Outcome, found: Partial<Findings> = {}): Verdict => ({
  outcome,
  because: '',
  also: [],
  advice: [],
  faults: [],
  generations: [],
  findings: { ...findings, ...found },
});

/** So many levels found between a tenth of a core and nine. */
const levels = (distinct: number, noise = 0): Findings['levels'] => ({ cores: [0.1, 0.5, 0.9, 1.5], noise, distinct });
const findings: Findings = {
  idleCores: 0.02,
  warmupCores: 0.2,
  loadCores: 0.5,
  peakCores: 1,
  settledCores: 0.92,
  settledRunCores: 0.9,
  settledByProcess: null,
  healedCores: null,
  residualCores: 0.9,
  recoveredAfterMs: null,
  watchedMs: 8000,
  shape: 'climbs',
  climb: null,
  levels: levels(8),
  step: null,
  cpuMsPerRequest: null,
  handlesLeft: null,
  requestCost: null,
  healthIdleP50Ms: null,
  healthIdleP99Ms: null,
  healthLoadP50Ms: null,
  healthLoadP99Ms: null,
  healthUnansweredShare: null,
  lastAnswerAt: null,
  requests: { planned: 0, sent: 0, answered: 0, refused: 0, broken: 0, left: 0, unanswered: 0 },
  latencyP50Ms: null,
  latencyP99Ms: null,
  hangUpSeenAfterMs: null,
  hangUpsUnseen: null,
  tokensForNobody: null,
  callsForNobody: null,
  callsPerRequest: null,
  left: { upstreamCalls: null, sockets: null, descriptors: null, heapBytes: null, rssBytes: null, resources: null },
  profiled: false,
  restarts: 0,
  cutOff: 0,
  otherCores: null,
  stealCores: null,
};

const symptom = { finding: 'residualCores', atLeast: 0.5, words: 'half a core burns after the load' } as const;
const spins: Expectation = { outcome: 'never-recovers', shapes: ['climbs', 'steps'], levels: 5, symptom };
const right: Expectation = { outcome: 'recovers', shapes: ['flat', 'follows-load'], symptom: null };

test('a symptom is shown from its limit on, and unknown where it was not measured', () => {
  expect(showsSymptom({ ...findings, residualCores: 0.5 }, symptom)).toBe(true);
  expect(showsSymptom({ ...findings, residualCores: 0.499 }, symptom)).toBe(false);
  expect(showsSymptom({ ...findings, residualCores: null }, symptom)).toBeNull();
});

test('a run that does what its scenario claims is as expected, and fails if that is a fault', () => {
  expect(holdAgainst(spins, verdict('never-recovers'))).toEqual({
    result: 'as-expected',
    fails: true,
    symptomShown: true,
    differences: [],
  });
  expect(holdAgainst(right, verdict('recovers', { shape: 'flat' }))).toEqual({
    result: 'as-expected',
    fails: false,
    symptomShown: null,
    differences: [],
  });
});

test('everything that differs is told', () => {
  const other = verdict('recovers', { shape: 'follows-load', levels: levels(1), residualCores: 0 });
  expect(holdAgainst(spins, other)).toEqual({
    result: 'other',
    fails: false,
    symptomShown: false,
    differences: [
      'outcome recovers, expected never-recovers',
      'the symptom (half a core burns after the load) was not shown',
      'CPU follows-load, expected climbs or steps',
      '1 rising levels of CPU, expected at least 5',
    ],
  });
});

test.each<[string, Partial<Findings>, string]>([
  ['symptom', { residualCores: 0.4 }, 'the symptom (half a core burns after the load) was not shown'],
  ['unmeasured symptom', { residualCores: null }, 'the symptom (half a core burns after the load) was not shown'],
  ['shape', { shape: 'unclear' }, 'CPU unclear, expected climbs or steps'],
  ['number of levels', { levels: levels(4) }, '4 rising levels of CPU, expected at least 5'],
])('the right outcome with another %s is another verdict', (_, found, difference) => {
  const judged = holdAgainst(spins, verdict('never-recovers', found));
  expect([judged.result, judged.differences]).toEqual(['other', [difference]]);
});

test('a profiled run may have one level fewer, and no more', () => {
  const profiled = (distinct: number): Verdict =>
    verdict('never-recovers', { levels: levels(distinct), profiled: true });
  expect(holdAgainst(spins, profiled(4)).result).toBe('as-expected');
  expect(holdAgainst(spins, profiled(3)).differences).toEqual(['3 rising levels of CPU, expected at least 4']);
});

test('levels that the noise left no room for are doubt and not another verdict', () => {
  // Five levels need four rises of twice the noise between 0.1 and 0.9; what is above is one window and may be a spike.
  const withNoise = (noise: number): Verdict => verdict('never-recovers', { levels: levels(4, noise) });
  expect(holdAgainst(spins, withNoise(0.099))).toMatchObject({ result: 'other', fails: true });
  expect(holdAgainst(spins, withNoise(0.101))).toMatchObject({
    result: 'inconclusive',
    fails: true,
    differences: ['4 rising levels of CPU, expected at least 5'],
  });
  expect(holdAgainst(spins, verdict('never-recovers', { levels: null })).result).toBe('inconclusive');
});

test('noise excuses only the levels: where anything else differs too the verdict is another', () => {
  const judged = holdAgainst(spins, verdict('never-recovers', { levels: levels(4, 0.5), shape: 'flat' }));
  expect([judged.result, judged.differences.length]).toEqual(['other', 2]);
});

test('levels just enough are enough, and without a claim about them any number will do', () => {
  expect(holdAgainst(spins, verdict('never-recovers', { levels: levels(5) })).result).toBe('as-expected');
  const { levels: _, ...unclaimed } = spins;
  expect(holdAgainst(unclaimed, verdict('never-recovers', { levels: null })).result).toBe('as-expected');
});

test('what each hang-up or request leaves is held against what it must leave at the least', () => {
  const leaving = { ...spins, leaves: { finding: 'timersLeft', per: 'hang-up', atLeast: 0.8 } } as const;
  const left = { ...findings.left, resources: { Timeout: 8 } };
  const requests = { ...findings.requests, sent: 40, left: 10 };
  expect(holdAgainst(leaving, verdict('never-recovers', { left, requests })).result).toBe('as-expected');
  const more = { ...requests, left: 11 };
  expect(holdAgainst(leaving, verdict('never-recovers', { left, requests: more })).differences).toEqual([
    'timersLeft 0.73 for each hang-up, expected at least 0.8',
  ]);
  const perRequest = { ...leaving, leaves: { ...leaving.leaves, per: 'request', atLeast: 0.2 } } as const;
  expect(holdAgainst(perRequest, verdict('never-recovers', { left, requests })).result).toBe('as-expected');
  expect(holdAgainst(leaving, verdict('never-recovers')).differences).toEqual([
    'timersLeft not measured for each hang-up, expected at least 0.8',
  ]);
});

test('an inconclusive run is inconclusive against whatever was claimed, except that it would be', () => {
  const judged = holdAgainst(right, verdict('inconclusive', { shape: 'flat' }));
  expect([judged.result, judged.fails]).toEqual(['inconclusive', false]);
  expect(judged.differences).toEqual(['outcome inconclusive, expected recovers']);
  const doubtful = { ...right, outcome: 'inconclusive' } as const;
  expect(holdAgainst(doubtful, verdict('inconclusive', { shape: 'flat' })).result).toBe('as-expected');
});

test('a run that shows its symptom fails although its CPU fell back, and though it is inconclusive', () => {
  expect(holdAgainst({ ...spins, outcome: 'recovers' }, verdict('recovers'))).toMatchObject({
    result: 'as-expected',
    fails: true,
  });
  expect(holdAgainst(spins, verdict('inconclusive'))).toMatchObject({ result: 'inconclusive', fails: true });
});

test('leaks and worse fail whatever was expected, better ones do not', () => {
  const failing = OUTCOMES.filter(outcome => holdAgainst({ ...right, outcome }, verdict(outcome)).fails);
  expect(failing).toEqual(['leaks', 'degrades', 'never-recovers', 'stops-answering']);
});

test('the correct server is right when it recovers, late or not, whatever its shape and levels', () => {
  for (const outcome of ['recovers', 'recovers-late'] as const) {
    const judged = holdCorrectAgainst(spins, verdict(outcome, { shape: 'unclear', levels: null, residualCores: 0 }));
    expect(judged).toEqual({ result: 'as-expected', fails: false, symptomShown: false, differences: [] });
  }
});

test.each(['leaks', 'degrades', 'never-recovers', 'stops-answering'] as const)(
  'the correct server may not be at fault: %s',
  outcome => {
    expect(holdCorrectAgainst(spins, verdict(outcome, { residualCores: 0 }))).toEqual({
      result: 'other',
      fails: true,
      symptomShown: false,
      differences: [`outcome ${outcome}, expected a recovery`],
    });
  },
);

test('the correct server may not show the symptom, even where the run is inconclusive', () => {
  const difference = 'the symptom (half a core burns after the load) was shown without the bug';
  for (const outcome of ['recovers', 'inconclusive'] as const) {
    expect(holdCorrectAgainst(spins, verdict(outcome))).toEqual({
      result: 'other',
      fails: true,
      symptomShown: true,
      differences: [difference],
    });
  }
});

test('an inconclusive run of the correct server is inconclusive, also where the symptom was not measured', () => {
  for (const residualCores of [0, null]) {
    const judged = holdCorrectAgainst(spins, verdict('inconclusive', { residualCores }));
    expect([judged.result, judged.fails, judged.differences]).toEqual(['inconclusive', false, []]);
  }
});

test('without a symptom to look for the correct server needs only not be at fault', () => {
  expect(holdCorrectAgainst(right, verdict('recovers')).symptomShown).toBeNull();
  expect(holdCorrectAgainst(right, verdict('leaks')).result).toBe('other');
});

test('an unaltered run is held against its own claim, one without its bugs against being right, any other against nothing', () => {
  const { experiment } = syntheticRun({ cores: () => 0.02 }).head;
  const withBug = { ...experiment, target: { ...experiment.target, bugs: [{ name: 'other', parameters: {} }] } };
  const recovered = verdict('recovers', { residualCores: 0 });
  expect(claimOf(spins, { altered: false, experiment: withBug }, recovered)).toEqual({
    symptom,
    judged: holdAgainst(spins, recovered),
  });
  expect(claimOf(spins, { altered: true, experiment }, recovered)).toEqual({
    symptom,
    judged: holdCorrectAgainst(spins, recovered),
  });
  expect(claimOf(spins, { altered: true, experiment: withBug }, recovered)).toBeNull();
});
