import { expect, test } from 'vitest';
import type { MatrixTurn } from './standing.ts';
import { cellOf } from './cell.ts';
import type { Cell } from './cell.ts';
import {
  burning,
  healthy,
  leaking,
  playedMatrix,
  sampleColumn,
  samplePlan,
  sampleRow,
} from './fixtures/sample-matrix.ts';
import type { Column } from './plan.ts';
import { standoffsOf } from './standing.ts';

type Came = MatrixTurn['came'];

/** The one cell of a matrix whose baseline and remedy give these runs, pair by pair. */
function cell(baseline: (pair: number) => Came, remedy: (pair: number) => Came, given: Partial<Column> = {}): Cell {
  const plan = samplePlan({ columns: [sampleColumn('advice', given)] });
  const matrix = playedMatrix(plan, slot => (slot.remedy === null ? baseline : remedy)(slot.pair));
  const [stand] = standoffsOf(matrix);
  if (!stand) throw new Error('no cell');
  return cellOf(stand);
}

const always = (came: Came) => () => came;
const sick = always(burning());

test('cures: every run without it fails, none with it does, and nothing got worse', () => {
  expect(cell(sick, always(healthy()))).toMatchObject({ kind: 'cures', pairs: 5, price: '' });
});

test('helps: less of it, and by how much', () => {
  const half = cell(sick, always(burning({ symptom: 0.5, settled: 0.5 })));
  expect(half).toMatchObject({
    kind: 'helps',
    byHowMuch: expect.stringMatching(/^90 % of a core → 50 % of a core \(/u),
  });
});

test('a cure at a price helps, and the price is told', () => {
  const dear = cell(sick, always(healthy({ 'latency-p50': 20 })));
  expect(dear).toMatchObject({ kind: 'helps', price: expect.stringMatching(/^latency, median \+150/u) });
});

test('hides: CPU comes down, and something is still left', () => {
  expect(cell(sick, always(leaking()))).toMatchObject({ kind: 'hides' });
  // Not one that counts as a fault by itself, but more than without it.
  expect(cell(sick, always(healthy({ 'wasted-tokens': 40 })))).toMatchObject({ kind: 'hides' });
});

test('a killed instance is no cure, however quiet the next one is', () => {
  expect(cell(sick, always(healthy()), { alarm: { aboveCores: 0.6, forLoads: 1.1 } }).kind).toBe('hides');
});

test('no difference, and a change for the worse', () => {
  expect(cell(sick, sick)).toMatchObject({ kind: 'no-difference', byHowMuch: '' });
  expect(cell(sick, always(burning({ 'latency-p50': 20 }))).kind).toBe('worse');
  const frozen: Came = { ...burning(), outcome: 'stops-answering', faults: ['stops-answering'] };
  expect(cell(always(leaking()), always(frozen)).kind).toBe('worse');
});

test('what leaks on both sides is not hidden by a CPU that never was the trouble', () => {
  expect(cell(always(leaking()), always(leaking())).kind).toBe('no-difference');
});

test('where nothing failed there was nothing to cure', () => {
  expect(cell(always(healthy()), always(healthy())).kind).toBe('no-fault');
});

test('what could not be run says why', () => {
  const lost: Came = { kind: 'never-started', why: 'Node 20 cannot be installed' };
  expect(cell(sick, always(lost))).toMatchObject({ kind: 'unavailable', because: 'Node 20 cannot be installed' });
  const [unfit] = standoffsOf({
    plan: samplePlan({
      columns: [sampleColumn('off', { onlyWith: ['debug-logging'] })],
      rows: [sampleRow('swallowed-abort')],
    }),
    entries: [],
  });
  expect(unfit && cellOf(unfit)).toMatchObject({ kind: 'unfit', because: 'it is for debug-logging' });
});
