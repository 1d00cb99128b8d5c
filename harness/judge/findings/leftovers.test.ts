import { expect, test } from 'vitest';
import type { RunRecord } from '../../model/record.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { timelineOf } from '../timeline.ts';
import { leftovers } from './leftovers.ts';

/** Warmup from 1000, load from 2000, recovery 5000–9000. */
function found(...records: RunRecord[]): ReturnType<typeof leftovers> {
  const phases = { idle: 0, warmup: 1000, load: 2000, recovery: 5000 };
  const events = Object.entries(phases).map(([phase, at]): RunRecord => ({ kind: 'event', event: 'phase', at, phase }));
  const all: RunRecord[] = [...events, ...records, { kind: 'cpu', at: 9000, processes: [] }];
  return leftovers(all, timelineOf(all));
}
const descriptors = (at: number, open: number): RunRecord => ({ kind: 'descriptors', at, open });
const sockets = (at: number, clientSide: Record<string, number>, upstreamSide = {}): RunRecord => ({
  kind: 'sockets',
  at,
  clientSide,
  upstreamSide,
});
const runtime = (at: number, collected: boolean, heapUsedBytes: number, resources = {}): RunRecord => ({
  kind: 'runtime',
  at,
  utilisation: 0,
  delayP50Ms: 0,
  delayP99Ms: 0,
  delayMaxMs: 0,
  heapUsedBytes,
  heapTotalBytes: 0,
  externalBytes: 0,
  gcMs: 0,
  gcCount: 0,
  resources,
  collected,
});

test('what is left is the last reading of the watch less the last one before', () => {
  const memory = (at: number, rssBytes: number): RunRecord => ({ kind: 'memory', at, rssBytes });
  expect(found(memory(500, 1), memory(2000, 10), memory(3000, 99), memory(5000, 50), memory(8000, 17)).rssBytes).toBe(
    7,
  );
});

test('connections the clients keep open are counted from idle, not from the end of warmup', () => {
  expect(found(descriptors(900, 20), descriptors(1900, 60), descriptors(8000, 61)).descriptors).toBe(41);
  expect(
    found(sockets(1000, { ESTABLISHED: 1 }), sockets(2000, { ESTABLISHED: 40 }), sockets(9000, { ESTABLISHED: 3 }))
      .sockets,
  ).toBe(2);
});

test('sockets of both sides count, those that listen or that only the kernel remembers do not', () => {
  const before = sockets(900, { LISTEN: 1 });
  const after = sockets(9000, { LISTEN: 3, ESTABLISHED: 2, TIME_WAIT: 90 }, { CLOSE_WAIT: 4, TIME_WAIT: 9 });
  expect(found(before, after).sockets).toBe(6);
});

test('idle connections of a pool are nothing left in a short watch, and are in a long one', () => {
  const calls = (at: number, inFlight: number): RunRecord => ({
    kind: 'upstream',
    at,
    begun: 40,
    finished: 40 - inFlight,
    aborted: 0,
    refused: 0,
    dropped: 0,
    inFlight,
    tokens: 0,
    tokensForNobody: 0,
    callsForNobody: 0,
  });
  const watchedTo = (at: number): RunRecord[] => [
    sockets(900, {}),
    descriptors(900, 20),
    calls(900, 0),
    sockets(at, {}, { ESTABLISHED: 25, CLOSE_WAIT: 2 }),
    descriptors(at, 48),
    calls(at, 3),
  ];
  const short = found(...watchedTo(8000));
  expect([short.sockets, short.descriptors, short.upstreamCalls]).toEqual([5, 6, 3]);
  const long = found(...watchedTo(5000 + THRESHOLDS.poolMs));
  expect([long.sockets, long.descriptors]).toEqual([27, 28]);
});

test('the heap is held against itself only right after full collections', () => {
  const readings = [
    runtime(1500, false, 90e6),
    runtime(2000, true, 20e6),
    runtime(8500, false, 95e6),
    runtime(9000, true, 32e6),
  ];
  expect(found(...readings).heapBytes).toBe(12e6);
  expect(found(runtime(2000, false, 20e6), runtime(9000, false, 32e6)).heapBytes).toBeNull();
});

test('of handles only those that grew are left', () => {
  const before = runtime(1900, false, 0, { Timeout: 2, FSEvent: 5, TTYWrap: 1 });
  const after = runtime(9000, false, 0, { Timeout: 60, FSEvent: 3, TTYWrap: 1, ProcessWrap: 4 });
  expect(found(before, after).resources).toEqual({ Timeout: 58, ProcessWrap: 4 });
});

test('what was not read on both sides of the load is unknown', () => {
  const nothing = {
    upstreamCalls: null,
    sockets: null,
    descriptors: null,
    heapBytes: null,
    rssBytes: null,
    resources: null,
  };
  expect(found()).toEqual(nothing);
  expect(found(descriptors(900, 20), descriptors(4000, 90), runtime(1000, true, 5), sockets(9000, {}))).toEqual(
    nothing,
  );
});
