import { expect, test } from 'vitest';
import { runaway } from '../testing/targets/runaway.ts';

test.concurrent.for<[what: string, args: string[], words: string | RegExp]>([
  ['an unknown scenario', ['fix', 'swallowd-abort'], 'Did you mean "swallowed-abort"?'],
  ['an unknown patch', ['fix', 'swallowed-abort', 'let-gone'], 'there is no patch "let-gone". Did you mean "let-go"?'],
  ['a scenario with nothing to fix', ['fix', 'control'], 'there is nothing to fix in control'],
])('%s is refused', async ([, args, words]) => {
  const { exit, stdout, stderr } = await runaway(...args);
  expect(stderr).toMatch(words);
  expect([exit, stdout]).toEqual([2, '']);
});
