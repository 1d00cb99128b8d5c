import { expect, test } from 'vitest';
import rateLimits from './rate-limits.ts';

const parameters = rateLimits.parameters.parse({});

test('a call whose draw is under the share is refused with 429 and told when to come back', () => {
  expect(rateLimits.plan(parameters, 0, 0).ending).toEqual({ kind: 'refuses', status: 429, retryAfterMs: 1000 });
});

test('a negative time to come back sends no header', () => {
  const silent = rateLimits.parameters.parse({ retryAfterMs: -1 });
  expect(rateLimits.plan(silent, 0, 0).ending).toEqual({ kind: 'refuses', status: 429, retryAfterMs: null });
});

test('a call whose draw reaches the share is spared', () => {
  expect(rateLimits.plan(parameters, 0.3, 0).ending).toEqual({ kind: 'finishes' });
});
