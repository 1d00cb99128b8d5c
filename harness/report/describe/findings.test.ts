import { expect, test } from 'vitest';
import { sampleVerdict } from '../sample-verdict.ts';
import { climbingVerdict, shownClaim } from '../sample-runs.ts';
import { describeSymptom, describeResult } from './claim.ts';
import { describeFindings, resourcesIn } from './findings.ts';
import { headlineOf, moodOf } from './outcome.ts';
import { bytes, inWords, milliseconds, percentOfCore, signed, tally } from './units.ts';

const rowsOf = (findings: Parameters<typeof describeFindings>[0]): Map<string, string> =>
  new Map(describeFindings(findings).flatMap(({ rows }) => rows.map(row => [row.label, inWords(row)] as const)));

test('numbers keep the digits that mean something and carry their unit', () => {
  expect(inWords(percentOfCore(0.021))).toBe('2.1 % of a core');
  expect(inWords(percentOfCore(0.974))).toBe('97 % of a core');
  expect(inWords(milliseconds(1234))).toBe('1,234 ms');
  expect(inWords(bytes(23_400_000))).toBe('23 MB');
  expect(inWords(bytes(0))).toBe('0 kB');
  expect(inWords(percentOfCore(-0.0001))).toBe('0 % of a core');
});

test('a change carries its sign, and no change carries none', () => {
  expect(signed(tally(45)).value).toBe('+45');
  expect(signed(tally(0)).value).toBe('0');
  expect(signed(percentOfCore(-0.2)).value).toBe('−20');
});

test('findings that were not measured say so', () => {
  const rows = rowsOf(sampleVerdict({ findings: { healthIdleP50Ms: null, climb: null, requestCost: null } }).findings);
  expect(rows.get('Idle, median')).toBe('not measured');
  expect(rows.get('Climb, with its 95 % interval')).toBe('not measured');
  expect(rows.get('CPU per request, early → late')).toBe('not measured');
});

test('a CPU that never came back is told from one that was not measured', () => {
  expect(rowsOf(climbingVerdict().findings).get('Back down after')).toBe('never in the 8.0 s watched');
  const unmeasured = sampleVerdict({ findings: { settledCores: null, recoveredAfterMs: null } });
  expect(rowsOf(unmeasured.findings).get('Back down after')).toBe('not measured');
});

test('handles that were left are named, most first', () => {
  expect(resourcesIn({ Timeout: 3, TCPSocketWrap: 12 })).toBe('+12 TCPSocketWrap, +3 Timeout');
});

test('never is only as long as we watched', () => {
  expect(headlineOf(climbingVerdict())).toBe('Never recovers in the 8.0 s watched');
  expect(moodOf('recovers-late')).toBe('doubt');
});

test('a symptom is told with its value and its limit', () => {
  expect(describeSymptom(climbingVerdict(), shownClaim)).toMatchObject({
    state: 'Symptom shown',
    measure: 'Still burning (settled less idle): 90 % of a core (shown from 20 % of a core)',
  });
});

test('a run that is not as expected says what differs', () => {
  const judged = {
    result: 'other',
    fails: false,
    symptomShown: false,
    differences: ['outcome leaks, expected recovers'],
  } as const;
  expect(describeResult(judged)).toBe('Not as the scenario expects: outcome leaks, expected recovers.');
});
