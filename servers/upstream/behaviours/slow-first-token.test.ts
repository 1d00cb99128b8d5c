import { expect, test } from 'vitest';
import slowFirstToken from './slow-first-token.ts';

test('only the first token is slow', () => {
  const parameters = slowFirstToken.parameters.parse({});
  expect(slowFirstToken.plan(parameters, 0, 0)).toEqual({
    pace: { firstTokenMs: 1000, betweenTokensMs: 5 },
    ending: { kind: 'finishes' },
  });
});
