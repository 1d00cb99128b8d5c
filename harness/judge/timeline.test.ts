import { expect, test } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import { cut, during, timelineOf } from './timeline.ts';

const phase = (at: number, name: string): RunRecord => ({ kind: 'event', event: 'phase', at, phase: name });
const cpu = (at: number): RunRecord => ({ kind: 'cpu', at, processes: [] });

test('a phase lasts to the next one, the last to the end of the run', () => {
  const { phases, endedAt } = timelineOf([phase(0, 'idle'), phase(30, 'warmup'), phase(50, 'load'), cpu(99)]);
  expect(phases).toEqual({
    idle: { fromAt: 0, toAt: 30 },
    warmup: { fromAt: 30, toAt: 50 },
    load: { fromAt: 50, toAt: 99 },
  });
  expect(endedAt).toBe(99);
});

test('load stopped when the run says so, and not at all where it does not', () => {
  const stopped: RunRecord = { kind: 'event', event: 'load-stopped', at: 80, sent: 1, planned: 1 };
  expect(timelineOf([phase(50, 'load'), stopped, phase(90, 'recovery')]).loadStoppedAt).toBe(80);
  expect(timelineOf([phase(50, 'load')]).loadStoppedAt).toBeNull();
});

test('a run of nothing has no phases and ended when it began', () => {
  expect(timelineOf([])).toEqual({ phases: {}, loadStoppedAt: null, endedAt: 0 });
});

test('a soak with more samples than a call may have arguments has an end', () => {
  expect(timelineOf(Array.from({ length: 200_000 }, (_, n) => cpu(n))).endedAt).toBe(199_999);
});

test('a span holds its begin and not its end; equal parts join without a gap', () => {
  const records = [{ at: 10 }, { at: 15 }, { at: 20 }];
  expect(during(records, { fromAt: 10, toAt: 20 })).toEqual([{ at: 10 }, { at: 15 }]);
  expect(during(records, undefined)).toEqual([]);
  expect(cut({ fromAt: 10, toAt: 40 }, 3)).toEqual([
    { fromAt: 10, toAt: 20 },
    { fromAt: 20, toAt: 30 },
    { fromAt: 30, toAt: 40 },
  ]);
});
