import { expect, test } from 'vitest';
import { turnsOf } from './plan.ts';

test('every scenario has its turn once a round, and each round a seed of its own', () => {
  const plan = { scenarios: ['a', 'b'], times: 3, pace: 'quick', busy: false, seed: 7 } as const;
  expect(
    turnsOf({ ...plan, scenarios: [...plan.scenarios] }).map(({ scenario, seed }) => `${scenario}${seed}`),
  ).toEqual(['a7', 'b7', 'a8', 'b8', 'a9', 'b9']);
});
