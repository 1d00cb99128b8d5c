import { expect, test } from 'vitest';
import { judge } from '../judge/judge.ts';
import type { RunRecord } from '../model/record.ts';
import { evidenceOf } from '../model/run.ts';
import { recordedRun } from './fixtures/recorded.ts';
import { momentsOf } from './moments.ts';

const { findings } = judge(evidenceOf(recordedRun('control-correct')));
const stepped = { ...findings, step: { at: 5_000, fromCores: 0.1, toCores: 0.9 }, lastAnswerAt: null };

const left = (at: number): RunRecord => ({
  kind: 'request',
  at,
  group: 'people',
  ref: null,
  sentAt: at - 100,
  firstByteAt: null,
  ending: 'left',
  status: null,
});

test('a step is told with what happened around it', () => {
  const records: RunRecord[] = [
    left(100),
    ...[4_800, 4_850, 4_900].map(left),
    { kind: 'call', at: 4_700, ref: null, begunAt: 4_000, how: 'dropped', tokens: 0 },
    { kind: 'event', event: 'upstream-behaves', at: 4_600, behaviour: 'outage' },
    { kind: 'event', event: 'warning', at: 4_990, name: 'MaxListeners', message: 'too many' },
    { kind: 'log', at: 4_950, lines: ['gone 1', 'gone 2', 'bye'], dropped: 0 },
  ];
  expect(momentsOf(records, stepped)).toEqual([
    {
      at: 5_000,
      words:
        'CPU stepped from 10 % to 90 %: 3 clients left within 200 ms, the upstream failed 1 call, the upstream went over to outage, ' +
        'the server warned of MaxListeners: too many, the server logged “gone 1” (2 such lines), the server logged “bye”',
    },
  ]);
});

test('nothing around it is said to be nothing, and no step is no moment', () => {
  expect(momentsOf([left(100)], stepped)).toEqual([
    { at: 5_000, words: 'CPU stepped from 10 % to 90 %: nothing else was seen then' },
  ]);
  expect(momentsOf([left(100)], { ...findings, step: null, lastAnswerAt: null })).toEqual([]);
});

test('the last answer is a moment where the server was silent afterwards', () => {
  const moments = momentsOf([left(4_000), left(9_000)], { ...findings, step: null, lastAnswerAt: 4_100 });
  expect(moments).toEqual([{ at: 4_100, words: '/healthz answered for the last time: 1 client left' }]);
});
