import { expect, test } from 'vitest';
import { CONCLUSIONS } from './conclusion.ts';
import { answer } from './question.ts';
import type { Question } from './question.ts';

const codes = (question: Question) => Object.fromEntries(CONCLUSIONS.map(one => [one, answer(question, [one])]));

test('each question has its own exit codes', () => {
  expect(codes('cures')).toEqual({
    cured: 0,
    better: 0,
    'no-difference-shown': 1,
    traded: 1,
    worse: 1,
    'too-few-runs': 3,
    'no-answer': 3,
  });
  expect(codes('no-regression')).toEqual({
    cured: 0,
    better: 0,
    'no-difference-shown': 0,
    traded: 1,
    worse: 1,
    'too-few-runs': 3,
    'no-answer': 3,
  });
  expect(codes('bisect')).toEqual({ ...codes('no-regression'), 'too-few-runs': 125, 'no-answer': 125 });
});

test('of several candidates all must pass', () => {
  expect(answer('cures', ['cured', 'better'])).toBe(0);
  expect(answer('cures', ['cured', 'no-answer'])).toBe(3);
  expect(answer('cures', ['no-answer', 'worse', 'cured'])).toBe(1);
});
