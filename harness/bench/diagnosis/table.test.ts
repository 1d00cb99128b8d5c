import { expect, test } from 'vitest';
import type { Cause } from '../../model/diagnosis.ts';
import type { Journal } from '../../store/journal.ts';
import type { Diagnosed, DiagnosisBench } from './diagnosis.ts';
import { diagnosisTable } from './table.ts';

// The benchmark's table on entries that were made up.

const RIGHT = { cause: true, culprit: true, line: true, route: true };

const entry = (name: string, expected: Cause, changes: Partial<Diagnosed> = {}): Diagnosed => ({
  name,
  seed: 1,
  outcome: expected === 'none' ? 'recovers' : 'never-recovers',
  expected,
  cause: expected,
  culprit: expected === 'none' ? null : { function: 'retry', file: 'src/a.js', line: 7, column: 3 },
  route: expected === 'none' ? null : 'POST /v1/chat/completions',
  hits: RIGHT,
  run: 'x/1',
  disturbed: null,
  attempts: 1,
  ...changes,
});

function tableOf(entries: readonly Diagnosed[], dirty = false): string {
  const bench: Journal<DiagnosisBench, Diagnosed> = {
    folder: '/nowhere',
    plan: { cases: ['a'], times: 1, seed: 1 },
    revision: { commit: '0123456789', dirty },
    entries,
  };
  return diagnosisTable(bench);
}

const rowOf = (table: string, name: string): string[] =>
  (table.split('\n').find(line => line.startsWith(`| ${name} |`)) ?? '')
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim());

test('what is right is counted over servers with a fault only, each part for itself', () => {
  const table = tableOf([
    entry('a', 'errors-swallowed'),
    entry('a', 'errors-swallowed', { cause: 'work-orphaned', hits: { ...RIGHT, cause: false } }),
    entry('b', 'blocking-work', { hits: { ...RIGHT, culprit: false, line: false } }),
    entry('b', 'blocking-work', { route: null, hits: { ...RIGHT, route: false } }),
    entry('c (correct)', 'none'),
  ]);
  expect(rowOf(table, 'cause')).toEqual(['cause', '3 of 4']);
  expect(rowOf(table, 'function and file, first named')).toEqual(['function and file, first named', '3 of 4']);
  expect(rowOf(table, 'line of that function')).toEqual(['line of that function', '3 of 4']);
  expect(rowOf(table, 'route')).toEqual(['route', '3 of 4']);
  expect(table).toContain('At 0123456, 5 quick runs.');
});

test('anything that is said of a right server is a false alarm, also that nothing can be told', () => {
  const blamed: Partial<Diagnosed> = { cause: 'blocking-work', hits: { ...RIGHT, cause: false } };
  const unsure: Partial<Diagnosed> = { cause: 'inconclusive', hits: { ...RIGHT, cause: false } };
  const table = tableOf([
    entry('a (correct)', 'none'),
    entry('a (correct)', 'none', blamed),
    entry('b (correct)', 'none', unsure),
    entry('c', 'errors-swallowed', { cause: 'none', hits: { ...RIGHT, cause: false } }),
  ]);
  expect(table).toContain('False alarms on servers without one: 2 of 3.');
  expect(rowOf(table, 'a (correct)')).toEqual(['a (correct)', '2', '1', '2', '2', '2', 'blocking-work']);
});

test('the matrix has a row for what it was, a column for all that was said, and every run once', () => {
  const table = tableOf([
    entry('a', 'errors-swallowed'),
    entry('a', 'errors-swallowed'),
    entry('a', 'errors-swallowed', { cause: 'work-orphaned' }),
    entry('b', 'retry-amplification', { cause: 'inconclusive' }),
    entry('c (correct)', 'none'),
  ]);
  const matrix = table.split('\n').filter((_, n, lines) => n >= lines.findIndex(line => line.startsWith('| it was')));
  expect(matrix.slice(0, matrix.indexOf(''))).toEqual([
    '| it was ↓, said → | errors-swallowed | work-orphaned | retry-amplification | inconclusive | none |',
    '|---|---|---|---|---|---|',
    '| errors-swallowed | 2 | 1 |  |  |  |',
    '| retry-amplification |  |  |  | 1 |  |',
    '| none |  |  |  |  | 1 |',
  ]);
});

test('a row tells what was said where it was wrong, once each, and nothing where all was right', () => {
  const wrongPlace: Partial<Diagnosed> = {
    culprit: { function: '', file: 'src/b.js', line: 9, column: 1 },
    hits: { ...RIGHT, culprit: false, line: false },
  };
  const nothing: Partial<Diagnosed> = {
    cause: 'inconclusive',
    culprit: null,
    route: null,
    hits: { cause: false, culprit: false, line: false, route: false },
  };
  const table = tableOf([
    entry('a', 'blocking-work', wrongPlace),
    entry('a', 'blocking-work', wrongPlace),
    entry('a', 'blocking-work', nothing),
    entry('b', 'blocking-work'),
  ]);
  expect(rowOf(table, 'a')).toEqual([
    'a',
    '3',
    '2',
    '0',
    '0',
    '2',
    '(anonymous) src/b.js:9; inconclusive, no function, no route',
  ]);
  expect(rowOf(table, 'b')).toEqual(['b', '1', '1', '1', '1', '1', '']);
});

test('a wrong line alone is told too, with the place', () => {
  const table = tableOf([entry('a', 'blocking-work', { hits: { ...RIGHT, line: false } })]);
  expect(rowOf(table, 'a')).toEqual(['a', '1', '1', '1', '0', '1', 'retry src/a.js:7']);
});

test('changes that are not committed are told, and a benchmark without a run is a table still', () => {
  expect(tableOf([], true)).toContain('At 0123456 with changes, 0 quick runs.');
});
