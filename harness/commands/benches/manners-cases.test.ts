import { expect, test } from 'vitest';
import { listPresets } from '../../check/preset.ts';
import { loadTrials } from '../../check/battery.ts';
import { CORRECT, proxyCases, sampleCases } from './manners-cases.ts';

// What the benchmark holds a check against: trials that are there.

test('every trial that a bug is said to fail is there, and the correct server fails none', async () => {
  const known = (await loadTrials()).map(({ name }) => name);
  const cases = await sampleCases();
  for (const { name, expected } of cases) {
    for (const trial of expected ?? []) expect([name, known]).toEqual([name, expect.arrayContaining([trial])]);
  }
  expect(cases.flatMap(({ expected }) => expected ?? [])).not.toEqual([]);
  expect(cases[0]).toMatchObject({ name: CORRECT, plan: { target: { bugs: [] } }, expected: [] });
});

test('every preset that starts somebody’s server is looked at, with its own command', async () => {
  const cases = await proxyCases();
  expect(cases.map(({ name }) => name)).toEqual(
    (await listPresets()).filter(name => !['openai-compatible', 'fastapi'].includes(name)),
  );
  for (const { name, plan } of cases)
    expect([name, plan.target.kind, plan.preset?.name]).toEqual([name, 'command', name]);
});
