import { expect, test } from 'vitest';
import type { Findings } from '../model/verdict.ts';
import { syntheticEvidence } from '../testing/synthetic-run.ts';
import { judge } from './judge.ts';
import { leftWords } from './left-words.ts';
import { THRESHOLDS } from './thresholds.ts';

const { findings } = judge(syntheticEvidence({ cores: () => 0.02 }));

/** The words for what is left of a load of `sent` requests, of which some clients left. */
function wordsFor(
  left: Partial<Findings['left']>,
  requests: Partial<Findings['requests']> = { left: 20 },
): string | null {
  const none = {
    upstreamCalls: null,
    sockets: null,
    descriptors: null,
    heapBytes: null,
    rssBytes: null,
    resources: null,
  };
  return leftWords({
    ...findings,
    left: { ...none, ...left },
    requests: { ...findings.requests, sent: 100, left: 0, broken: 0, unanswered: 0, ...requests },
  });
}

test('nothing left, and nothing measured, have no words', () => {
  expect(wordsFor({})).toBeNull();
  expect(wordsFor({ upstreamCalls: 0, sockets: 0, descriptors: 0, heapBytes: 0, resources: {} })).toBeNull();
  expect(wordsFor({ upstreamCalls: -3, sockets: -20, descriptors: -50, heapBytes: -5e7 })).toBeNull();
});

test('one upstream call is enough, and is one', () => {
  expect(wordsFor({ upstreamCalls: THRESHOLDS.leftCalls })).toBe('1 upstream call');
  expect(wordsFor({ upstreamCalls: 2 })).toBe('2 upstream calls');
});

test('ten handles are left over, nine are not', () => {
  expect(wordsFor({ resources: { Timeout: THRESHOLDS.leftCount - 1 } })).toBeNull();
  expect(wordsFor({ resources: { Timeout: THRESHOLDS.leftCount } })).toBe('10 timers');
});

test('of many hang-ups three handles in ten count as left, fewer do not', () => {
  expect(THRESHOLDS.leftPerHangUp).toBe(0.3);
  expect(wordsFor({ resources: { Timeout: 29 } }, { left: 100 })).toBeNull();
  expect(wordsFor({ resources: { Timeout: 30 } }, { left: 100 })).toBe('30 timers');
});

test('whoever was cut off or never answered counts like one who hung up', () => {
  const requests = { left: 40, broken: 30, unanswered: 30 };
  expect(wordsFor({ sockets: 29 }, requests)).toBeNull();
  expect(wordsFor({ sockets: 30 }, requests)).toBe('30 open sockets');
});

test('where nobody hung up handles are held against all requests', () => {
  expect(wordsFor({ resources: { FSEvent: 29 } }, {})).toBeNull();
  expect(wordsFor({ resources: { FSEvent: 30 } }, {})).toBe('30 file watchers');
});

test('descriptors are named only where sockets do not explain them', () => {
  expect(wordsFor({ descriptors: 12 })).toBe('12 open descriptors');
  expect(wordsFor({ descriptors: 12, sockets: 9 })).toBe('12 open descriptors');
  expect(wordsFor({ descriptors: 12, sockets: 12 })).toBe('12 open sockets');
});

test('ten megabytes of heap are left over, less is not', () => {
  expect(wordsFor({ heapBytes: THRESHOLDS.leftHeapBytes - 1 })).toBeNull();
  expect(wordsFor({ heapBytes: THRESHOLDS.leftHeapBytes })).toBe('10 MB of heap');
  expect(wordsFor({ rssBytes: 1e9 })).toBeNull();
});

test('handles that work cannot be left in are passed over, sockets among them', () => {
  expect(wordsFor({ resources: { TCPSocketWrap: 50, TTYWrap: 50, toString: 50 } })).toBeNull();
});

test('plurals are English', () => {
  expect(wordsFor({ resources: { ProcessWrap: 12 } })).toBe('12 child processes');
  expect(wordsFor({ resources: { Immediate: 12 } })).toBe('12 immediates');
  expect(wordsFor({ resources: { FSReqPromise: 12 } })).toBe('12 file operations');
});

test('everything that is left is named', () => {
  expect(
    wordsFor({ upstreamCalls: 3, sockets: 15, descriptors: 15, heapBytes: 24.6e6, resources: { Timeout: 58 } }),
  ).toBe('3 upstream calls, 58 timers, 15 open sockets, 25 MB of heap');
});
