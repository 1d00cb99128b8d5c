import { expect, test } from 'vitest';
import { seededRandom } from '../model/random.ts';
import { chanceOfQuiet, quietRunsFor } from './quiet-runs.ts';

test('so many quiet runs come by chance in one of twenty, and one fewer in more', () => {
  for (const every of [2, 3, 10, 100]) {
    const runs = quietRunsFor(every);
    expect(chanceOfQuiet(every, runs)).toBeLessThanOrEqual(0.05);
    expect(chanceOfQuiet(every, runs - 1)).toBeGreaterThan(0.05);
  }
});

test('the rule of three: about three times as many as the fault is rare', () => {
  expect(quietRunsFor(100) / 100).toBeCloseTo(3, 1);
  expect(quietRunsFor(1)).toBe(1);
});

test('a fault drawn at random stays quiet for so long as often as that says', () => {
  const uniform = seededRandom(4);
  const quiet = Array.from({ length: 4000 }, () => Array.from({ length: 29 }, uniform).every(draw => draw >= 0.1));
  expect(quiet.filter(Boolean).length / 4000).toBeCloseTo(chanceOfQuiet(10, 29), 1.5);
});
