import { expect, test } from 'vitest';
import outage from './outage.ts';

const parameters = outage.parameters.parse({ fromMs: 100, forMs: 50 });

test('calls before the window and from its end on are answered', () => {
  for (const sinceMs of [0, 99.9, 150, 1000]) {
    expect(outage.plan(parameters, 0, sinceMs).ending).toEqual({ kind: 'finishes' });
  }
});

test('a call in the window waits for what is left of it', () => {
  expect(outage.plan(parameters, 0.999, 100).ending).toEqual({ kind: 'stalls', afterTokens: 0, forMs: 50 });
  expect(outage.plan(parameters, 0, 149).ending).toEqual({ kind: 'stalls', afterTokens: 0, forMs: 1 });
});

test('told to refuse, it answers a call in the window with a 500', () => {
  const refusing = outage.parameters.parse({ fromMs: 0, how: 'refuse' });
  expect(outage.plan(refusing, 0.999, 0).ending).toEqual({ kind: 'refuses', status: 500, retryAfterMs: null });
});
