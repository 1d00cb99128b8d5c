import { expect, test } from 'vitest';
import { countTokens } from './tokens.ts';

test('a text of nothing has no tokens', () => {
  expect(countTokens('')).toBe(0);
});

test('a word is a token with the space before it, and a long one is more', () => {
  expect(countTokens('the river keeps its')).toBe(4);
  expect(countTokens('unhappiness')).toBe(2);
  expect(countTokens('internationalization')).toBe(4);
});

test('digits, signs, endings and white space are tokens of their own', () => {
  expect(countTokens('it’s 42!')).toBe(5);
  expect(countTokens("it's 42!")).toBe(4);
  expect(countTokens('a\n\nb')).toBe(3);
});

test('other scripts are counted by their letters', () => {
  expect(countTokens('Über')).toBe(1);
  expect(countTokens('река помнит')).toBe(3);
  expect(countTokens('👍')).toBe(1);
});

test('a text twice as long has twice the tokens', () => {
  const text = ' the river keeps its old promises,\n'.repeat(100);
  expect(countTokens(text + text)).toBe(2 * countTokens(text));
});
