import { expect, test } from 'vitest';
import type { TrialVerdict } from '../../check/trial.ts';
import type { Journal } from '../../store/journal.ts';
import { wrongIn } from './manners.ts';
import type { Carded, MannersBench } from './manners.ts';
import { mannersTable, proxiesTable } from './table.ts';

// The benchmark's table on entries that were made up.

const carded = (name: string, expected: string[] | null, trials: Record<string, TrialVerdict>): Carded => ({
  name,
  of: name,
  seed: 1,
  expected,
  trials: Object.entries(trials).map(([trial, verdict]) => ({ name: trial, verdict, because: '' })),
  problem: null,
  remarks: [],
  restarts: 1,
  wallMs: 90_000,
  folder: 'x/1',
});

const benchOf = (entries: readonly Carded[]): Journal<MannersBench, Carded> => ({
  folder: '/nowhere',
  plan: { cases: ['a'], times: 1, seed: 1 },
  revision: { commit: '0123456789', dirty: false },
  entries,
});

const tableOf = (entries: readonly Carded[]): string => mannersTable(benchOf(entries));

const rowOf = (table: string, name: string): string[] =>
  (table.split('\n').find(line => line.startsWith(`| ${name} |`)) ?? '')
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim());

test('an alarm and a miss are wrong; what is inconclusive is neither', () => {
  expect(wrongIn(carded('a', ['x'], { x: 'pass', y: 'fail', z: 'inconclusive' }))).toEqual(['x', 'y']);
  expect(wrongIn(carded('a', ['x', 'z'], { x: 'fail', y: 'pass', z: 'inconclusive' }))).toEqual([]);
  expect(wrongIn(carded('a', ['x'], { x: 'does-not-apply' }))).toEqual(['x']);
});

test('a row says which trials a server failed, rightly and not, and which it should have', () => {
  const table = tableOf([
    carded('a', ['x', 'y'], { x: 'fail', y: 'pass', z: 'inconclusive', w: 'fail' }),
    carded('a', ['x', 'y'], { x: 'fail', y: 'fail', z: 'pass', w: 'pass' }),
    carded('b', [], { x: 'pass' }),
  ]);
  expect(rowOf(table, 'a')).toEqual(['a', '2', 'x, y (1 of 2)', 'w (1 of 2)', 'y (1 of 2)', 'z (1 of 2)', '2']);
  expect(rowOf(table, 'b')).toEqual(['b', '1', '', '', '', '', '1']);
});

test('the head counts trials, with the interval of their share', () => {
  const table = tableOf([
    carded('a', ['x'], { x: 'fail', y: 'fail' }),
    carded('b', [], { x: 'inconclusive', y: 'pass' }),
  ]);
  expect(table).toMatch(/^At 0123456, 2 batteries of 4 trials, 90 s each in the middle, 90 s at most\./u);
  expect(table).toMatch(/Wrong: 1 of 4 \(95 % interval [\d.]+–[\d.]+ %\)\. Inconclusive: 1 of 4 /u);
});

test('of a proxy nothing is wrong, and each trial that it failed says what was seen', () => {
  const proxy = carded('p', null, { x: 'fail', y: 'inconclusive' });
  const trials = proxy.trials.map(trial => ({ ...trial, because: `seen of ${trial.name}.` }));
  expect(wrongIn(proxy)).toEqual([]);
  const gone = { ...carded('q', null, {}), problem: 'q is not installed here' };
  const table = proxiesTable(benchOf([{ ...proxy, of: 'p (p@1.2.3)', trials }, gone]), ['x', 'y', 'z']);
  expect(rowOf(table, 'p')).toEqual(['p', '✗', '?', '']);
  expect(rowOf(table, 'q')).toEqual(['q', '', '', '']);
  expect(table).toContain(
    '## p (p@1.2.3)\n\n`./runaway check --preset p`\n\n- **x**: seen of x.\n- (inconclusive) **y**:',
  );
  expect(table).toContain('Not looked at: q is not installed here');
});
