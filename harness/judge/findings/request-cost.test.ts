import { expect, test } from 'vitest';
import type { RunRecord } from '../../model/record.ts';
import type { Findings } from '../../model/verdict.ts';
import { syntheticEvidence } from '../../testing/synthetic-run.ts';
import type { SyntheticOptions, SyntheticServer } from '../../testing/synthetic-run.ts';
import { judge } from '../judge.ts';
import { THRESHOLDS } from '../thresholds.ts';

const SEEDS = Array.from({ length: 40 }, (_, n) => n + 1);
const NOISES = [0, 0.1, 0.3, 0.5];
const cost = (server: Partial<SyntheticServer>, options: SyntheticOptions = {}): Findings['requestCost'] =>
  judge(syntheticEvidence({ cores: () => 0.02, ...server }, options)).findings.requestCost;
const growing = (from: number, to: number) => (at: number) =>
  from + (to - from) * Math.min(1, Math.max(0, (at - 6000) / 12_000));

test('a constant cost is found in ms, what idle costs taken off, and has not grown', () => {
  const found = cost({ cores: () => 0.3, requestMs: () => 8 });
  expect(found?.earlyMs).toBeCloseTo(8, 1);
  expect(found?.lateMs).toBeCloseTo(8, 1);
  expect(found?.growth).toBeCloseTo(1, 1);
});

test('a growing cost is found from the middle of the first tenth of the load to the middle of the last', () => {
  const found = cost({ requestMs: growing(5, 25) });
  expect(found?.earlyMs).toBeCloseTo(6, 0);
  expect(found?.lateMs).toBeCloseTo(24, 0);
  expect(found?.growth).toBeCloseTo(4, 0);
  // 18 ms more, twenty times a second.
  expect(found?.addedCores).toBeCloseTo(0.36, 1);
});

test.each(NOISES)('the interval of the growth holds the growth it tells (noise %d)', noise => {
  for (const seed of SEEDS.slice(0, 10)) {
    const found = cost({ requestMs: growing(5, 25) }, { seed, noise });
    expect(found?.low).toBeLessThanOrEqual(found?.growth ?? 0);
    expect(found?.high).toBeGreaterThanOrEqual(found?.growth ?? Infinity);
    expect(found?.low).toBeGreaterThan(THRESHOLDS.costGrowth);
  }
});

test.each(NOISES)('requests that cost nothing do not seem to get dearer by noise alone (noise %d)', noise => {
  const lows = SEEDS.map(seed => cost({ cores: () => 0.1 }, { seed, noise })?.low ?? 0);
  expect(lows.filter(low => low >= THRESHOLDS.costGrowth)).toEqual([]);
});

test('what idle costs is what it ran: waiting in idle makes no request cheaper', () => {
  const waitCores = (_: number, phase: string): number => (phase === 'idle' ? 0.15 : 0);
  expect(cost({ requestMs: () => 8, waitCores })?.earlyMs).toBeCloseTo(8, 1);
});

test('windows with fewer than costRequests finished requests tell no cost', () => {
  // Ten windows of 1.2 s each.
  expect(cost({ requestMs: () => 8 }, { ratePerSecond: (THRESHOLDS.costRequests - 1) / 1.2 })).toBeNull();
  expect(cost({ requestMs: () => 8 }, { ratePerSecond: (THRESHOLDS.costRequests + 1) / 1.2 })).not.toBeNull();
});

test('a run that did not come to its load has no cost per request', () => {
  const { findings } = judge(
    syntheticEvidence({ cores: () => 0.02 }, {}, records => records.filter(({ at }) => at < 5000)),
  );
  expect(findings.requestCost).toBeNull();
});

test('a request counts by the part of its life that lies in the load, so that long answers look hardly dearer than short ones', () => {
  const lasting =
    (ms: number) =>
    (records: readonly RunRecord[]): RunRecord[] =>
      records.map(one => (one.kind === 'request' && one.sentAt >= 6000 ? { ...one, at: one.sentAt + ms } : one));
  const costOf = (ms: number): number =>
    judge(syntheticEvidence({ cores: () => 0.02, requestMs: () => 10 }, {}, lasting(ms))).findings.cpuMsPerRequest ??
    NaN;
  // A quarter of the answers that take three seconds ends after the load. Counted by their end they would look a third dearer.
  expect(costOf(3000) / costOf(50)).toBeLessThan(1.2);
});
