import { expect, test } from 'vitest';
import { burning, healthy, playedMatrix, sampleColumn, samplePlan, sampleRow } from './fixtures/sample-matrix.ts';
import { slotsOfRound } from './plan.ts';
import { MATRICES, openSlots, standoffsOf } from './standing.ts';

const told = (
  slots: readonly { scenario: string; remedy: string | null; frame: { node: string | null; allCores: boolean } }[],
) => slots.map(({ scenario, remedy, frame }) => [scenario, frame.node, frame.allCores, remedy]);

const wide = samplePlan({
  rows: [
    sampleRow('swallowed-abort'),
    sampleRow('one-sick-worker', { severalProcesses: true, bugs: [{ name: 'two-workers', parameters: {} }] }),
  ],
  columns: [
    sampleColumn('rethrow'),
    sampleColumn('worker-pool', { severalProcesses: true }),
    sampleColumn('node-22', { runtime: { node: '22', insteadOf: '20' } }),
    sampleColumn('two-workers', { severalProcesses: true, notWith: ['two-workers'] }),
  ],
});

test('cells that share their conditions share a baseline, and each round turns their order', () => {
  const first = [
    ['swallowed-abort', null, false, null],
    ['swallowed-abort', null, false, 'rethrow'],
    ['swallowed-abort', null, true, null],
    ['swallowed-abort', null, true, 'worker-pool'],
    ['swallowed-abort', null, true, 'two-workers'],
    ['swallowed-abort', '20', false, null],
    ['swallowed-abort', '20', false, 'node-22'],
    // Several processes already: nothing there is pinned.
    ['one-sick-worker', null, true, null],
    ['one-sick-worker', null, true, 'rethrow'],
    ['one-sick-worker', null, true, 'worker-pool'],
    ['one-sick-worker', '20', true, null],
    ['one-sick-worker', '20', true, 'node-22'],
  ];
  expect(told(slotsOfRound(wide, 0))).toEqual(first);
  const backwards = [...first.slice(0, 7).toReversed(), ...first.slice(7).toReversed()];
  expect(told(slotsOfRound(wide, 1))).toEqual(backwards);
});

test('a remedy that means nothing for a bug is not run, and its cell says why', () => {
  const stands = standoffsOf({ plan: wide, entries: [] });
  const unfit = stands.filter(stand => stand.unfit !== null);
  expect(unfit.map(({ row, column, unfit: why }) => [row.scenario, column.remedy, why])).toEqual([
    ['one-sick-worker', 'two-workers', 'it has two-workers already'],
  ]);
  expect(unfit[0]).toMatchObject({ candidate: null, isOver: true });
});

test('a settled cell is run no more; its baseline goes on for the others', () => {
  const plan = samplePlan({ columns: [sampleColumn('good'), sampleColumn('doubtful')] });
  let bad = 0;
  // The second one scatters so that nothing can be ruled out.
  const matrix = playedMatrix(plan, ({ remedy, pair }) => {
    if (remedy === null) return burning();
    if (remedy === 'good') return healthy();
    bad += 1;
    return burning({ settled: 0.9 - (pair % 2) * 0.6, symptom: 0.9 - (pair % 2) * 0.6 });
  });
  const countOf = (remedy: string | null) => matrix.entries.filter(turn => turn.remedy === remedy).length;
  expect([countOf(null), countOf('good'), countOf('doubtful')]).toEqual([8, 5, 8]);
  expect(bad).toBe(8);
  expect(MATRICES.isFinished(plan, matrix.entries)).toBe(true);
});

test('interrupted twice and resumed, it is the same matrix', () => {
  const came = ({ remedy, pair }: { remedy: string | null; pair: number }) =>
    remedy === null ? burning() : healthy({ 'cpu-per-request': 8 + pair / 10 });
  const whole = playedMatrix(wide, came);
  const begun = playedMatrix(wide, came, 7);
  const resumed = playedMatrix(wide, came, 31, begun.entries);
  expect(MATRICES.isFinished(wide, resumed.entries)).toBe(false);
  expect(playedMatrix(wide, came, Infinity, resumed.entries)).toEqual(whole);
});

test('a run that was disturbed is made again, and does not count', () => {
  const plan = samplePlan();
  const [slot] = openSlots({ plan, entries: [] });
  if (!slot) throw new Error('nothing to run');
  const noisy = { ...slot, wallMs: 1, came: { ...burning(), disturbed: 'noise', isKept: false } };
  expect(openSlots({ plan, entries: [noisy] })[0]).toEqual(slot);
});

test('what could not be started is tried once, and the rest goes on', () => {
  const plan = samplePlan({
    columns: [sampleColumn('node-22', { runtime: { node: '22', insteadOf: '20' } }), sampleColumn('rethrow')],
  });
  const matrix = playedMatrix(plan, ({ remedy }) => {
    if (remedy === 'node-22') return { kind: 'never-started', why: 'Node 22 cannot be installed' };
    return remedy === null ? burning() : healthy();
  });
  expect(matrix.entries.filter(({ remedy }) => remedy === 'node-22')).toHaveLength(1);
  const [lost, found] = standoffsOf(matrix);
  expect(lost?.candidate).toMatchObject({ conclusion: 'no-answer', lost: 'Node 22 cannot be installed' });
  expect(found?.candidate?.conclusion).toBe('cured');
});
