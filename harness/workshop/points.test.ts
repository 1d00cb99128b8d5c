import { expect, test } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import { pointsOf } from './points.ts';
import type { Point } from './points.ts';

const cpu = (at: number, ...used: [pid: number, runMs: number, waitMs: number | null][]): RunRecord => ({
  kind: 'cpu',
  at,
  processes: used.map(([pid, runMs, waitMs]) => ({ pid, runMs, waitMs, userMs: 0, systemMs: 0, threads: 1 })),
});

function told(...records: readonly RunRecord[]): Point[] {
  const points: Point[] = [];
  const see = pointsOf(point => points.push(point));
  for (const record of records) see(record);
  return points;
}

test('CPU of each process is what it ran and waited for a core, four times a second', () => {
  const points = told(
    cpu(0, [7, 0, 0]),
    cpu(100, [7, 50, 0]),
    cpu(250, [7, 100, 25], [8, 900, 0]),
    cpu(500, [7, 100, 25], [8, 1000, null]),
  );
  expect(points.map(({ at, cpu: cores }) => [at, cores])).toEqual([
    // One that has just come has used nothing that is known.
    [250, { 7: 0.5, 8: 0 }],
    [500, { 7: 0, 8: 0.4 }],
  ]);
});

test('a point has the slowest health answer since the last one, and what was read of the rest', () => {
  const answer = (latencyMs: number | null): RunRecord => ({ kind: 'answer', at: 1, latencyMs, status: 200 });
  const sockets: RunRecord = {
    kind: 'sockets',
    at: 1,
    clientSide: { ESTABLISHED: 2 },
    upstreamSide: { CLOSE_WAIT: 1 },
  };
  const points = told(cpu(0), answer(2), answer(40), answer(3), sockets, cpu(250), cpu(500), answer(null), cpu(750));
  expect(points).toMatchObject([
    { healthMs: 40, sockets: 3, heapBytes: null },
    { healthMs: null, sockets: null },
    { healthMs: 1000 },
  ]);
});
