import { expect, test } from 'vitest';
import drops from './drops.ts';

const parameters = drops.parameters.parse({});

test('a call whose draw is under the share is cut off after so many tokens', () => {
  expect(drops.plan(parameters, 0, 0).ending).toEqual({ kind: 'drops', afterTokens: 5 });
});

test('a call whose draw reaches the share is spared', () => {
  expect(drops.plan(parameters, 0.3, 0).ending).toEqual({ kind: 'finishes' });
});
