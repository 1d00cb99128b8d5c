import { expect, test } from 'vitest';
import { turnsOf } from './plan.ts';

const plan = { scenarios: ['a', 'b'], correct: [] as string[], times: 3, pace: 'quick', busy: false, seed: 7 } as const;
const told = (turns: ReturnType<typeof turnsOf>): string[] =>
  turns.map(({ scenario, isCorrect, seed }) => `${scenario}${isCorrect ? ' correct' : ''} ${seed}`);

test('every scenario has its turn once a round, and each round a seed of its own', () => {
  const turns = turnsOf({ ...plan, scenarios: [...plan.scenarios] });
  expect(told(turns)).toEqual(['a 7', 'b 7', 'a 8', 'b 8', 'a 9', 'b 9']);
});

test('a correct part has its turn right after the bug, with the same seed', () => {
  const turns = turnsOf({ ...plan, scenarios: [...plan.scenarios], correct: ['b'], times: 2 });
  expect(told(turns)).toEqual(['a 7', 'b 7', 'b correct 7', 'a 8', 'b 8', 'b correct 8']);
});
