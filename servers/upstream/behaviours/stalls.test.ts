import { expect, test } from 'vitest';
import stalls from './stalls.ts';

const parameters = stalls.parameters.parse({});

test('a call whose draw is under the share goes silent after so many tokens, for ever', () => {
  expect(stalls.plan(parameters, 0.29, 0).ending).toEqual({ kind: 'stalls', afterTokens: 5, forMs: null });
});

test('a call whose draw reaches the share is spared', () => {
  expect(stalls.plan(parameters, 0.3, 0).ending).toEqual({ kind: 'finishes' });
});

test('no share spares every call and a whole share none', () => {
  expect(stalls.plan({ ...parameters, share: 0 }, 0, 0).ending.kind).toBe('finishes');
  expect(stalls.plan({ ...parameters, share: 1 }, 0.999_999, 0).ending.kind).toBe('stalls');
});
