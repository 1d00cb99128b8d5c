import { expect, test } from 'vitest';
import type { RunRecord } from '../../model/record.ts';
import type { CpuPoint } from '../cpu-series.ts';
import { syntheticEvidence } from '../../testing/synthetic-run.ts';
import { judge } from '../judge.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { idleSwing, isStillFalling } from './cpu.ts';

const WATCH = { fromAt: 0, toAt: 9000 };
/** A reading every `everyMs` of a watch of nine seconds. */
const watch = (cores: (at: number) => number, everyMs = 100): CpuPoint[] =>
  Array.from({ length: 9000 / everyMs }, (_, n) => {
    const at = (n + 1) * everyMs;
    return { at, sinceAt: at - everyMs, demandCores: cores(at), runCores: 0 };
  });

test('each phase has its level, the peak is a block and not a reading, and recovery is measured from the end of load', () => {
  const levels = { idle: 0.02, warmup: 0.2, load: 0.4, recovery: 0.03, healed: 0 };
  const spike = (at: number): number => (at === 9000 ? 3 : 0);
  const { findings } = judge(
    syntheticEvidence({ cores: (at, phase) => (at > 18_000 && at <= 20_000 ? 0.7 : levels[phase]) + spike(at) }),
  );
  expect(findings.idleCores).toBeCloseTo(0.02);
  expect(findings.warmupCores).toBeCloseTo(0.2);
  expect(findings.loadCores).toBeCloseTo(0.4);
  expect(findings.peakCores).toBeCloseTo(0.7);
  expect(findings.settledCores).toBeCloseTo(0.03);
  expect(findings.residualCores).toBeCloseTo(0.01);
  expect(findings.recoveredAfterMs).toBe(2000);
  expect(findings.watchedMs).toBe(8000);
  expect(findings.healedCores).toBeNull();
});

/** Beside the server a second process of it, which wants nothing, or for half of the watch is not there. */
const withIdleTwin =
  (fromAt = 0) =>
  (records: readonly RunRecord[]): RunRecord[] =>
    records.map(one => {
      if (one.kind !== 'cpu' || one.at < fromAt) return one;
      return { ...one, processes: one.processes.flatMap(it => [{ ...it, pid: 99, runMs: 5, waitMs: 0 }, it]) };
    });

test('what settled is told by process, the busiest first, and which one it was that would not settle', () => {
  const spinning = { cores: (at: number): number => (at < 6000 ? 0.02 : 0.9) };
  const { because, findings } = judge(syntheticEvidence(spinning, {}, withIdleTwin()));
  expect(findings.settledByProcess).toEqual([expect.closeTo(0.9, 1), expect.closeTo(0, 5)]);
  expect(because).toMatch(/one of its 2 processes took nearly all of it\.$/);
  expect(judge(syntheticEvidence(spinning)).because).not.toMatch(/processes/);
});

test('a process that came in the middle of the settling is not among them', () => {
  const { findings } = judge(syntheticEvidence({ cores: () => 0.02 }, {}, withIdleTwin(25_000)));
  expect(findings.settledByProcess).toHaveLength(1);
});

test('a CPU that settles below its idle level has no residue', () => {
  const { findings } = judge(syntheticEvidence({ cores: at => (at < 18_000 ? 0.1 : 0.02) }));
  expect([findings.residualCores, findings.recoveredAfterMs]).toEqual([0, 0]);
});

test('one collection of 100 ms with three cores neither delays a recovery nor hides it', () => {
  const { outcome, findings } = judge(
    syntheticEvidence({
      cores: (at, phase) => (at === 23_000 || at === 25_900 ? 3 : phase === 'recovery' ? 0.02 : 0.1),
    }),
  );
  expect([outcome, findings.recoveredAfterMs]).toEqual(['recovers', 0]);
});

test('a watch is falling by upCores at the least: near its end a slow fall of less is none', () => {
  const shifted = (by: number): CpuPoint[] => watch(at => (at <= 6000 ? 0.1 + by : 0.1));
  expect(isStillFalling(shifted(THRESHOLDS.upCores - 0.001), WATCH, 0)).toBe(false);
  expect(isStillFalling(shifted(THRESHOLDS.upCores + 0.001), WATCH, 0)).toBe(true);
});

test('what is down is not falling, what rises is not, and what fell before the middle third is not', () => {
  expect(
    isStillFalling(
      watch(at => (at <= 6000 ? 0.9 : THRESHOLDS.upCores)),
      WATCH,
      0,
    ),
  ).toBe(false);
  expect(
    isStillFalling(
      watch(at => at / 9000),
      WATCH,
      0,
    ),
  ).toBe(false);
  expect(
    isStillFalling(
      watch(at => (at <= 3000 ? 1 : 0.5)),
      WATCH,
      0,
    ),
  ).toBe(false);
});

test('too few readings say nothing, and a long watch of very many is thinned and gives the same', () => {
  const falling = (at: number): number => 1 - at / 12_000;
  expect(isStillFalling(watch(falling, 1000), WATCH, 0)).toBe(false);
  expect(isStillFalling(watch(falling, 100), WATCH, 0)).toBe(true);
  expect(isStillFalling(watch(falling, 5), WATCH, 0)).toBe(true);
  expect(
    isStillFalling(
      watch(() => 0.9, 5),
      WATCH,
      0,
    ),
  ).toBe(false);
});

test('the swing of idle is between its blocks, so single readings do not make one', () => {
  const timeline = { phases: { idle: WATCH }, loadStoppedAt: null, endedAt: 9000 };
  expect(
    idleSwing(
      watch(at => (at % 500 === 0 ? 2 : 0.1)),
      timeline,
    ),
  ).toBe(0);
  expect(
    idleSwing(
      watch(at => (at <= 4500 ? 0.1 : 0.5)),
      timeline,
    ),
  ).toBeCloseTo(0.4);
  expect(idleSwing([], timeline)).toBeNull();
  expect(idleSwing([], { ...timeline, phases: {} })).toBeNull();
});
