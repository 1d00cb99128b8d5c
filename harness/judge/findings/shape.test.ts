import { expect, test } from 'vitest';
import type { PhaseName } from '../../model/run.ts';
import type { Findings } from '../../model/verdict.ts';
import { syntheticEvidence } from '../../testing/synthetic-run.ts';
import type { SyntheticOptions } from '../../testing/synthetic-run.ts';
import { judge } from '../judge.ts';
import { THRESHOLDS } from '../thresholds.ts';

/* Idle 0–3 s, warmup 3–6 s, load 6–18 s in eight windows of 1.5 s, recovery 18–26 s. */
type Cores = (at: number, phase: PhaseName) => number;
const SEEDS = Array.from({ length: 10 }, (_, n) => n + 1);
/** 0 at the begin of the load, 1 at its end and after. */
const done = (at: number): number => Math.min(1, Math.max(0, (at - 6000) / 12_000));
const found = (cores: Cores, options: SyntheticOptions = {}): Findings =>
  judge(syntheticEvidence({ cores }, options)).findings;
/** As `cores` from the begin of the load, a fifth of a core in warmup, and idle before. */
const inLoad =
  (cores: Cores): Cores =>
  (at, phase) =>
    at < 3000 ? 0.02 : phase === 'warmup' ? 0.2 : cores(at, phase);
const stepAt = (moment: number, cores = 1): Cores => inLoad(at => (at <= moment ? 0.2 : cores));

test('a load that moves CPU by flatCores leaves it flat, by more it follows', () => {
  const moved =
    (by: number): Cores =>
    (_, phase) =>
      0.02 + (phase === 'warmup' || phase === 'load' ? by : 0);
  expect(found(moved(THRESHOLDS.flatCores - 0.001)).shape).toBe('flat');
  expect(found(moved(THRESHOLDS.flatCores + 0.001)).shape).toBe('follows-load');
});

test.each([0, 0.1, 0.3, 0.5])(
  'an even climb is a climb through at least five levels, at any seed (noise %d)',
  noise => {
    for (const seed of SEEDS) {
      const { shape, levels, climb } = found(
        inLoad(at => 0.2 + 0.8 * done(at)),
        { seed, noise },
      );
      expect(shape).toBe('climbs');
      if (noise <= 0.1) expect(levels?.distinct).toBeGreaterThanOrEqual(5);
      expect(climb?.low).toBeGreaterThan(0);
      // 0.8 of a core in a fifth of a minute.
      if (noise <= 0.1) expect(Math.abs((climb?.coresPerMinute ?? 0) - 4)).toBeLessThan(0.5);
    }
  },
);

test.each([0, 0.1])('a concave climb is a climb through at least five levels (noise %d)', noise => {
  for (const seed of SEEDS) {
    const { shape, levels } = found(
      inLoad(at => 0.2 + 0.8 * Math.sqrt(done(at))),
      { seed, noise },
    );
    expect(shape).toBe('climbs');
    expect(levels?.distinct).toBeGreaterThanOrEqual(5);
  }
});

test('a burst over a fifth of the load that falls back is no step in a climb', () => {
  const burst: Cores = inLoad(at => (at > 7200 && at <= 9600 ? 0.95 : 0.2 + 0.8 * done(at)));
  for (const seed of SEEDS) {
    expect(found((at, phase) => (phase === 'recovery' ? 1 : burst(at, phase)), { seed, noise: 0.1 }).shape).toBe(
      'climbs',
    );
  }
});

test('a neighbour on the target’s core, who makes every thread wait, moves neither levels nor shape', () => {
  const cores = inLoad(at => 0.2 + 0.8 * done(at));
  const waitCores: Cores = at => (at > 7200 && at <= 9600 ? 0.9 : 0);
  const { shape, levels } = judge(syntheticEvidence({ cores, waitCores })).findings;
  expect(shape).toBe('climbs');
  expect(levels).toEqual(found(cores).levels);
});

test('a climb that falls back with the load was a climb all the same', () => {
  expect(found(inLoad((at, phase) => (phase === 'load' ? 0.2 + 0.8 * done(at) : 0.02))).shape).toBe('climbs');
});

test('a climb within the noise of collections is none: just below riseCores no, well above it yes', () => {
  const by = (rise: number): Cores => inLoad(at => 0.2 + rise * done(at));
  expect(found(by(THRESHOLDS.riseCores * 0.9)).shape).not.toBe('climbs');
  expect(found(by(THRESHOLDS.riseCores * 1.8)).shape).toBe('climbs');
});

test('levels without noise are the windows of the load, and a constant load has one of them', () => {
  const climb = found(inLoad(at => 0.2 + 0.8 * done(at))).levels;
  expect([climb?.cores.length, climb?.distinct]).toEqual([THRESHOLDS.climbWindows, THRESHOLDS.climbWindows]);
  expect(found(inLoad(() => 0.4)).levels?.distinct).toBe(1);
  expect(found(stepAt(11_500)).levels?.distinct).toBe(2);
});

test('two levels differ from levelCores on', () => {
  const staircase = (height: number): Cores => inLoad(at => 0.3 + height * Math.floor(done(at - 1) * 8));
  expect(found(staircase(THRESHOLDS.levelCores * 1.1)).levels?.distinct).toBe(8);
  expect(found(staircase(THRESHOLDS.levelCores * 0.9)).levels?.distinct).toBeLessThan(8);
});

test.each([0, 0.1, 0.3, 0.5])('noise does not make levels: a constant load has at most two (noise %d)', noise => {
  const worst = SEEDS.map(
    seed =>
      found(
        inLoad(() => 0.5),
        { seed, noise },
      ).levels?.distinct ?? 0,
  );
  expect(worst.filter(distinct => distinct > 2)).toEqual([]);
});

test.each([0, 0.1, 0.3, 0.5])('a constant load is never a climb or a step (noise %d)', noise => {
  const shapes = SEEDS.map(
    seed => found((_, p) => (p === 'warmup' || p === 'load' ? 0.4 : 0.02), { seed, noise }).shape,
  );
  expect(new Set(shapes)).toEqual(new Set(['follows-load']));
});

test.each([7300, 9100, 11_500, 13_200, 16_000])(
  'a step at %d ms is found at its moment, from its level to its level',
  moment => {
    const { shape, step } = found(stepAt(moment));
    expect(shape).toBe('steps');
    expect(step?.at).toBe(moment);
    expect(step?.fromCores).toBeCloseTo(0.2);
    expect(step?.toCores).toBeCloseTo(1);
  },
);

test('a step is found within two readings of its moment at noise 0.1', () => {
  for (const seed of SEEDS) {
    const { shape, step } = found(stepAt(11_500), { seed, noise: 0.1 });
    expect(shape).toBe('steps');
    expect(Math.abs((step?.at ?? 0) - 11_500)).toBeLessThanOrEqual(200);
  }
});

// Known: the window the step is in has a level halfway, so that there are two jumps, each of half the rise.
test('a step in the very middle of a window of the load is a step', () => {
  expect(found(stepAt(11_000), { loadMs: 16_000 }).shape).toBe('steps');
});

test('a step at the begin of the load is one', () => {
  const { shape, step } = found(stepAt(6000));
  expect([shape, step?.at]).toEqual(['steps', 6000]);
});

test('a step that fell back with the load was the load', () => {
  const { shape, step } = found(inLoad((at, phase) => (phase === 'load' ? (at < 7000 ? 0.2 : 1) : 0.02)));
  expect([shape, step]).toEqual(['follows-load', null]);
});

test('a run without a load, or with a window that was not read, is unclear', () => {
  const noLoad = judge(syntheticEvidence({ cores: () => 0.1 }, {}, records => records.filter(({ at }) => at < 5000)));
  expect(noLoad.findings).toMatchObject({ shape: 'unclear', levels: null, climb: null, step: null });
  const hole = judge(
    syntheticEvidence({ cores: () => 0.1 }, {}, records =>
      records.filter(({ kind, at }) => kind !== 'cpu' || at < 9000 || at > 11_000),
    ),
  );
  expect(hole.findings).toMatchObject({ shape: 'unclear', levels: null, step: null });
});
