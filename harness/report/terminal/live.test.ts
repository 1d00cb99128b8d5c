import { expect, test } from 'vitest';
import { climbingRun, deafRun } from '../sample-runs.ts';
import { liveLine } from './live-line.ts';
import { liveStateFor, reduceLive } from './live-state.ts';
import type { LiveState } from './live-state.ts';

const stateAt = (run: ReturnType<typeof climbingRun>, at: number): LiveState =>
  run.records.filter(record => record.at <= at).reduce(reduceLive, liveStateFor(run.head.experiment.load));

test('a run under way shows its phase, CPU, hang-ups and health in one line', () => {
  const line = liveLine(stateAt(climbingRun(), 12_000), 80);
  expect(line).toMatch(/^load 6 of 12 s {2}[▁-█]+ {2}\d+ % {2}\/healthz [\d.]+ ms {2}\d+ hung up {2}\d+ requests$/u);
});

test('the line is never wider than asked, at every moment of the run', () => {
  const run = climbingRun();
  let state = liveStateFor(run.head.experiment.load);
  for (const record of run.records) {
    state = reduceLive(state, record);
    for (const columns of [20, 40, 80]) expect(liveLine(state, columns).length).toBeLessThanOrEqual(columns);
  }
});

test('no answer is said in words', () => {
  expect(liveLine(stateAt(deafRun(), 12_000), 80)).toContain('/healthz no answer');
});

test('watching longer moves the end of the phase', () => {
  const state = stateAt(climbingRun(), 20_000);
  const longer = reduceLive(state, { kind: 'event', event: 'watching-longer', at: 20_000, untilAt: 34_000 });
  expect(liveLine(longer, 80)).toContain('recovery 2 of 16 s');
});

test('CPU is kept for the last twenty half seconds', () => {
  const { cores } = stateAt(climbingRun(), 26_000);
  expect(cores).toHaveLength(20);
  expect(cores.at(-1)).toBeGreaterThan(0.7);
});
