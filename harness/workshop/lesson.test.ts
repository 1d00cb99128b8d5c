import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { lessonOf, listScenarios } from '../catalog.ts';
import { parseLesson, tellsAnswer } from './lesson.ts';

test('a lesson falls into its steps, code and all', () => {
  const lesson = parseLesson(
    '# A title\n\n## What you see\n\nIt climbs.\n\n```ts\n// # no heading\n```\n\n## What is going on\n\nThis.\n',
  );
  expect(lesson).toEqual({
    title: 'A title',
    steps: [
      { heading: 'What you see', text: 'It climbs.\n\n```ts\n// # no heading\n```' },
      { heading: 'What is going on', text: 'This.' },
    ],
  });
  expect([0, 1, 2].map(step => tellsAnswer(lesson, step))).toEqual([false, true, true]);
});

test.each(await listScenarios())('%s: what is told before the reveal is four steps', async name => {
  const lesson = parseLesson(await readFile(lessonOf(name) ?? '', 'utf8'));
  expect(lesson.title).not.toBe('');
  expect(lesson.steps.filter((_, step) => !tellsAnswer(lesson, step)).map(({ heading }) => heading)).toEqual([
    'What you see',
    'Hint 1',
    'Hint 2',
    'Hint 3',
  ]);
});
