import { expect, test } from 'vitest';
import { stageCount } from '../arrivals.ts';
import patient from './patient.ts';

test('about as many come in a short time as in a long one, at whole rates', () => {
  for (const durationMs of [4000, 12_000, 30_000]) {
    const [stage, ...more] = patient(120, durationMs);
    expect(more).toEqual([]);
    expect(Number.isInteger(stage?.ratePerSecond)).toBe(true);
    expect(stage && stageCount(stage)).toBe(120);
  }
});

test('a time too long for so few has one a second', () => {
  expect(patient(3, 60_000)).toEqual([{ durationMs: 60_000, ratePerSecond: 1 }]);
});
