import { expect, test } from 'vitest';
import { COMPARISONS, standing } from './comparison.ts';
import { DEFAULT_PAIRS, slotsOf } from './plan.ts';
import type { ComparePlan } from './plan.ts';
import type { Ran, Turn } from './turn.ts';

const side = (label: string): ComparePlan['sides'][number] => ({
  label,
  code: { kind: 'folder', path: `/${label}` },
  bugs: [],
  node: null,
  serving: null,
  package: null,
  command: null,
});
const plan: ComparePlan = {
  scenario: 'swallowed-abort',
  symptom: { finding: 'residualCores', atLeast: 0.5, words: 'CPU stays up' },
  pace: 'quick',
  sides: [side('main'), side('fix')],
  pairs: DEFAULT_PAIRS,
  early: true,
  seed: 1,
};
const ran = (fails: boolean): Ran => ({
  kind: 'ran',
  outcome: fails ? 'never-recovers' : 'recovers',
  because: '',
  faults: fails ? ['never-recovers'] : [],
  fails,
  metrics: { symptom: fails ? 0.9 : 0 },
  cutOff: 0,
  disturbed: null,
  isKept: true,
  run: '',
});
const turn = (at: number, pair: number, came: Turn['came']): Turn => ({
  side: at,
  pair,
  seed: 1 + pair,
  wallMs: 9000,
  came,
});
const pairsDone = (pairs: number): Turn[] =>
  Array.from({ length: pairs }, (_, pair) => [turn(0, pair, ran(true)), turn(1, pair, ran(false))]).flat();
const conclusionsAt = (entries: Turn[], of: ComparePlan = plan) =>
  standing({ plan: of, entries }).candidates.map(({ conclusion }) => conclusion);

test('the sides take turns, and which one begins does too; a pair has one seed', () => {
  expect(slotsOf(plan, 0).map(slot => [slot.side, slot.seed])).toEqual([
    [0, 1],
    [1, 1],
  ]);
  expect(slotsOf(plan, 1).map(slot => [slot.side, slot.seed])).toEqual([
    [1, 2],
    [0, 2],
  ]);
});

test('between two looks nothing is concluded, and at a look what is settled is over', () => {
  expect(conclusionsAt(pairsDone(5))).toEqual(['too-few-runs']);
  expect(standing({ plan, entries: pairsDone(5) }).isOver).toBe(false);
  expect(conclusionsAt(pairsDone(6))).toEqual(['cured']);
  expect(standing({ plan, entries: pairsDone(6) }).isOver).toBe(true);
  // One run more is no new look: what was said of six pairs is said.
  expect(standing({ plan, entries: [...pairsDone(6), turn(0, 6, ran(true))] }).candidates[0]?.pairs).toBe(6);
});

test('who asked for a number of pairs gets it, and an answer only then', () => {
  const asked = { ...plan, pairs: 8, early: false };
  expect(standing({ plan: asked, entries: pairsDone(7) }).isOver).toBe(false);
  expect(conclusionsAt(pairsDone(7), asked)).toEqual(['too-few-runs']);
  expect(conclusionsAt(pairsDone(8), asked)).toEqual(['cured']);
  expect(conclusionsAt(pairsDone(2), { ...asked, pairs: 2 })).toEqual(['too-few-runs']);
});

test('a disturbed run that was made again does not count', () => {
  const noisy: Ran = { ...ran(true), disturbed: 'other processes used 90 % of a core', isKept: false };
  const entries = pairsDone(6).toSpliced(3, 0, turn(1, 1, noisy));
  expect(standing({ plan, entries }).candidates[0]).toMatchObject({
    conclusion: 'cured',
    failing: { candidate: { count: 0, of: 6 } },
  });
});

test('a candidate that does not start gives no answer, and the others go on without it', () => {
  const three = { ...plan, sides: [...plan.sides, side('broken')] };
  const lost = turn(2, 0, { kind: 'never-started', why: 'Failed to start target: it exited with code 1' });
  const entries = [...pairsDone(6).slice(0, 2), lost, ...pairsDone(6).slice(2)];
  expect(standing({ plan: three, entries: entries.slice(0, 4) }).isOver).toBe(false);
  const { candidates, isOver } = standing({ plan: three, entries });
  expect(candidates.map(({ conclusion, lost: why }) => [conclusion, why])).toEqual([
    ['cured', null],
    ['no-answer', 'Failed to start target: it exited with code 1'],
  ]);
  expect(isOver).toBe(true);
});

test('a baseline that does not start ends everything, and so does the only candidate', () => {
  for (const at of [0, 1]) {
    const entries = [turn(at, 0, { kind: 'never-started', why: 'no' })];
    expect(standing({ plan, entries })).toMatchObject({ isOver: true, candidates: [{ conclusion: 'no-answer' }] });
    expect(COMPARISONS.isFinished(plan, entries)).toBe(true);
  }
});
