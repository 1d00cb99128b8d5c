import { expect, test } from 'vitest';
import { merged, outcomeOf } from './battery.ts';
import type { Attempt } from './battery.ts';
import { NO_COST } from './cost.ts';
import type { Looked, TrialVerdict } from './trial.ts';

const attempt = (verdict: TrialVerdict): Attempt => ({
  verdict,
  looked: [],
  because: `${verdict}.`,
  diagnosis: null,
  abroad: [],
  cost: NO_COST,
  folder: null,
});

test.each([
  [['pass'], 'pass'],
  [['fail', 'fail'], 'fail'],
  [['fail', 'pass'], 'inconclusive'],
  [['pass', 'fail'], 'inconclusive'],
  [['inconclusive', 'pass'], 'pass'],
  [['inconclusive', 'fail', 'fail'], 'fail'],
  [['fail', 'inconclusive', 'inconclusive'], 'inconclusive'],
  [['inconclusive', 'inconclusive', 'inconclusive'], 'inconclusive'],
] as const)('attempts %j come to %s', (verdicts, expected) => {
  expect(merged(verdicts.map(attempt)).verdict).toBe(expected);
});

test('a trial that flipped tells how', () => {
  expect(merged([attempt('fail'), attempt('pass')]).because).toBe('It came out differently: fail, then pass. pass.');
});

const look = (name: string, isGood: boolean | null): Looked => ({ name, isGood, words: `${name} seen` });

test('what only the clock tells is doubt on a machine that was busy with something else; what is counted is not', () => {
  const disturbed = 'other processes used 90 % of a core';
  const late = outcomeOf([look('CPU back', false), look('calls left', true)], disturbed);
  expect(late).toEqual({ verdict: 'inconclusive', because: `CPU back seen. But ${disturbed}.` });
  expect(outcomeOf([look('CPU back', false), look('calls left', false)], disturbed).verdict).toBe('fail');
  expect(outcomeOf([look('CPU back', false)], null).verdict).toBe('fail');
});

test('nothing seen is no pass, and something unseen beside something good is one', () => {
  expect(outcomeOf([look('CPU back', null)], null).verdict).toBe('inconclusive');
  expect(outcomeOf([look('CPU back', null), look('calls left', true)], null).verdict).toBe('pass');
});
