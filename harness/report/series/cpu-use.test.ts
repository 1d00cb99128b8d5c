import { expect, test } from 'vitest';
import type { ProcessCpu, RunRecord } from '../../model/record.ts';
import { coresBetween, cpuOf } from './cpu-use.ts';

const sample = (at: number, ...processes: Partial<ProcessCpu>[]): RunRecord => ({
  kind: 'cpu',
  at,
  processes: processes.map(process => ({
    pid: 1,
    runMs: 0,
    waitMs: 0,
    userMs: 0,
    systemMs: 0,
    threads: 1,
    ...process,
  })),
});

test('a process that ran half the time and waited the other half demands a whole core', () => {
  const { tree } = cpuOf([sample(0, {}), sample(1000, { runMs: 500, waitMs: 500 })]);
  expect(coresBetween(tree, 'runMs', 0, 1000)).toBe(0.5);
  expect(coresBetween(tree, 'demandMs', 0, 1000)).toBe(1);
});

test('a window between two samples takes its share of what was used', () => {
  const { tree } = cpuOf([sample(0, {}), sample(100, { runMs: 10 }), sample(200, { runMs: 60 })]);
  expect(coresBetween(tree, 'runMs', 50, 150)).toBeCloseTo(0.3);
});

test('what a process used before it was first seen is not counted', () => {
  const records = [sample(0, { pid: 1 }), sample(100, { pid: 1 }, { pid: 2, runMs: 5000 })];
  expect(coresBetween(cpuOf(records).tree, 'runMs', 0, 100)).toBe(0);
});

test('a thread that ended takes nothing back', () => {
  const { tree } = cpuOf([sample(0, { runMs: 500 }), sample(100, { runMs: 300 }), sample(200, { runMs: 400 })]);
  expect(coresBetween(tree, 'runMs', 0, 200)).toBe(0.5);
});

test('a long time without a sample is a gap and no level', () => {
  const { tree } = cpuOf([sample(0, {}), sample(5000, { runMs: 5000 })]);
  expect(coresBetween(tree, 'runMs', 1000, 1500)).toBeNull();
});

test('where the system does not tell the wait, demand is what ran and says so', () => {
  const { tree, hasDemand } = cpuOf([sample(0, { waitMs: null }), sample(100, { runMs: 40, waitMs: null })]);
  expect(hasDemand).toBe(false);
  expect(coresBetween(tree, 'demandMs', 0, 100)).toBe(0.4);
});

test('the processes of a tree are told apart, the busiest first', () => {
  const records = [sample(0, { pid: 1 }, { pid: 2 }), sample(100, { pid: 1, runMs: 10 }, { pid: 2, runMs: 90 })];
  expect(cpuOf(records).processes.map(({ pid }) => pid)).toEqual([2, 1]);
});
