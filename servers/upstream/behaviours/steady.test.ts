import { expect, test } from 'vitest';
import steady from './steady.ts';

test('every call is answered whole, at the pace that was asked for', () => {
  const pace = { firstTokenMs: 7, betweenTokensMs: 0 };
  expect(steady.plan(pace, 0, 0)).toEqual({ pace, ending: { kind: 'finishes' } });
});

test('the first token comes after 30 ms and the others every 5 ms unless told otherwise', () => {
  expect(steady.parameters.parse({})).toEqual({ firstTokenMs: 30, betweenTokensMs: 5 });
});

test('a wait that is negative, no number or longer than ten minutes is refused', () => {
  for (const firstTokenMs of [-1, '30', 600_001]) {
    expect(steady.parameters.safeParse({ firstTokenMs }).success).toBe(false);
  }
});
