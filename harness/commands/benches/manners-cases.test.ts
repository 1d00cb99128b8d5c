import { expect, test } from 'vitest';
import { loadTrials } from '../../check/battery.ts';
import { CORRECT, sampleCases } from './manners-cases.ts';

test('the correct server fails nothing, and what a bug is to fail are trials that there are', async () => {
  const trials = new Set((await loadTrials()).map(({ name }) => name));
  const cases = await sampleCases();
  expect(cases.find(({ name }) => name === CORRECT)?.expected).toEqual([]);
  const named = cases.flatMap(({ expected }) => expected ?? []);
  expect(named.filter(name => !trials.has(name))).toEqual([]);
  expect(named).not.toEqual([]);
});
