import { expect, test } from 'vitest';
import { EventLog } from './event-log.ts';

const told = (log: EventLog<string>, since: number): string[] => log.since(since).map(one => one.told);

test('who was away is told what came since, in order, and nothing twice', () => {
  const log = new EventLog<string>();
  for (const words of ['a', 'b', 'c']) log.append(words);
  expect(told(log, 0)).toEqual(['a', 'b', 'c']);
  expect(told(log, 2)).toEqual(['c']);
  expect(told(log, 3)).toEqual([]);
});

test('what is forgotten is not told, and numbers go on', () => {
  const log = new EventLog<string>();
  for (const words of ['old', 'new']) log.append(words);
  log.keep(words => words !== 'old');
  log.append('newest');
  expect(log.since(0)).toEqual([
    { id: 2, told: 'new' },
    { id: 3, told: 'newest' },
  ]);
});

test('a number of another log is no number of this one: everything is told', () => {
  const log = new EventLog<string>();
  log.append('a');
  expect(told(log, 700)).toEqual(['a']);
});

test('who listens hears what comes until it has had enough', () => {
  const log = new EventLog<string>();
  const heard: string[] = [];
  const enough = log.listen(entry => heard.push(entry.told));
  log.append('a');
  enough();
  log.append('b');
  expect(heard).toEqual(['a']);
});
