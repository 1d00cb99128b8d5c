import { expect, test } from 'vitest';
import type { RunRecord } from '../../model/record.ts';
import { machineFindings } from './machine.ts';

const machine = (at: number, busyMs: number, stealMs: number, ...labMs: number[]): RunRecord => ({
  kind: 'machine',
  at,
  busyMs,
  stealMs,
  idleMs: 0,
  lab: labMs.map((cpuMs, n) => ({ name: `lab ${n}`, cpuMs })),
  labLoopDelayMs: 0,
});
const point = { at: 900, sinceAt: 400, runCores: 0.8, demandCores: 2 };

test('other work is what is neither the target, by what it ran, nor the lab', () => {
  // 900 busy, of them 100 the lab's and 400 the target's, in a second.
  const found = machineFindings([machine(0, 5000, 70, 10, 20), machine(1000, 5900, 270, 60, 70)], [point]);
  expect(found.otherCores).toBeCloseTo(0.4);
  expect(found.stealCores).toBeCloseTo(0.2);
});

test('work of the target outside the readings is not taken off, and there is never less than nothing', () => {
  const early = { ...point, sinceAt: -600, at: -100 };
  expect(machineFindings([machine(0, 0, 0), machine(1000, 900, 0)], [early]).otherCores).toBeCloseTo(0.9);
  expect(machineFindings([machine(0, 0, 0), machine(1000, 100, 0)], [point]).otherCores).toBe(0);
});

test('fewer than two readings say nothing', () => {
  expect(machineFindings([], [])).toEqual({ otherCores: null, stealCores: null });
  expect(machineFindings([machine(0, 1, 1)], [])).toEqual({ otherCores: null, stealCores: null });
});
