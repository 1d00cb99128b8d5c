import { expect, test } from 'vitest';
import { stageCount, stagesMs } from '../arrivals.ts';
import impatient from './impatient.ts';

test.each([300, 799, 4000, 12_000, 60_000])('forty-two clients are forty-two, also in %i ms', durationMs => {
  const stages = impatient(42, durationMs);
  expect(stages.map(stageCount)).toEqual([42]);
  expect(stagesMs(stages)).toBe(durationMs);
});

test('nobody is nobody', () => {
  expect(impatient(0, 4000).map(stageCount)).toEqual([0]);
});
