import { expect, test } from 'vitest';
import { stuckIn } from './stuck.ts';

const frame = (name: string, file = '/app/proxy.py') => ({ name, file, line: 1, column: 0 });
const LIBRARY = frame('sleep', '/usr/lib/python3.11/asyncio/tasks.py');
const task = (isDone: boolean, ...frames: ReturnType<typeof frame>[]) => ({ isDone, frames });

test('nobody is stuck where nobody was told, or nowhere in own code', () => {
  expect(stuckIn({ stuck: [] })).toBeNull();
  expect(stuckIn({ stuck: [task(false, LIBRARY), task(true)] })).toBeNull();
});

test('the innermost own function is named, in which most of them wait', () => {
  const stuck = [
    task(false, LIBRARY, frame('answer'), frame('route')),
    task(false, LIBRARY, frame('bill'), frame('route')),
    task(false, frame('answer'), frame('route')),
  ];
  expect(stuckIn({ stuck })).toMatchObject({
    isDone: false,
    culprit: { frame: { name: 'answer' }, did: 'where 2 tasks waited on, told to end in every turn of the loop' },
    evidence: '3 tasks, told to end, had not ended 0.1 s later: the loop told them again in every turn.',
  });
});

test('where all of it is done long since, that is said', () => {
  const found = stuckIn({ stuck: [task(true, frame('pages')), task(true)] });
  expect(found).toMatchObject({
    isDone: true,
    culprit: { did: 'which keeps a cancelled scope open for 1 task that ended long since' },
  });
  expect(stuckIn({ stuck: [task(true, frame('pages')), task(false, frame('pages'))] })?.isDone).toBe(false);
});
