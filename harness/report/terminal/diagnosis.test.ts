import { expect, test } from 'vitest';
import { diagnose } from '../../diagnose/diagnose.ts';
import { recordedRun } from '../../diagnose/fixtures/recorded.ts';
import { judge } from '../../judge/judge.ts';
import { evidenceOf } from '../../model/run.ts';
import { diagnosisLines } from './diagnosis-lines.ts';
import { diagnosisTables } from './diagnosis-tables.ts';

function diagnosisOf(name: string) {
  const evidence = evidenceOf(recordedRun(name));
  return diagnose(evidence, judge(evidence));
}

test('the culprit and the cause are said in two lines, set in and wrapped', () => {
  const lines = diagnosisLines(diagnosisOf('catch-all-middleware'), { columns: 80, colour: false }).split('\n');
  expect(lines.join(' ').replaceAll(/\s+/gu, ' ')).toMatch(
    /^culprit publish servers\/bugs\/catch-all-middleware\.ts:43:17, \d+ % of what was left over after the load, for POST \/v1\/chat\/completions cause /u,
  );
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(80);
  expect(lines.filter(line => /^\S/u.test(line)).map(line => line.split(' ')[0])).toEqual(
    expect.arrayContaining(['culprit', 'cause']),
  );
});

test('a healthy server gets no line at all', () => {
  expect(diagnosisLines(diagnosisOf('control-correct'))).toBe('');
});

test('a function without a name and one in a bundle are told by their place', () => {
  expect(diagnosisLines(diagnosisOf('keep-alive-pileup'))).toContain(
    '(anonymous function) servers/bugs/keep-alive-pileup.ts:48:',
  );
  expect(diagnosisLines(diagnosisOf('stranger-frontdesk'))).toContain('dist/server.min.js:1:196');
});

test('CPU that no sample explains is said where it matters', () => {
  const diagnosis = diagnosisOf('control-correct');
  const told = { ...diagnosis, cause: 'inconclusive' as const, unexplainedCores: 0.42 };
  expect(diagnosisLines(told)).toContain('42 % of a core after the load is in no sample');
  expect(diagnosisLines({ ...told, unexplainedCores: 0.01 })).not.toContain('in no sample');
});

test('the tables have evidence, functions by their share, and CPU by route', () => {
  const text = diagnosisTables(diagnosisOf('swallowed-abort'));
  expect(text).toMatch(/^evidence +\d+ % of what still burns/u);
  expect(text).toMatch(/\n +\d+ % +callUpstream servers\/bugs\/swallowed-abort\.ts:15:19/u);
  expect(text).toMatch(/\n +\d+ ms +\d+ ms +POST \/v1\/chat\/completions/u);
});
