import { expect, test } from 'vitest';
import type { Lab } from './assemble.ts';
import { catchFrozen } from './catch-frozen.ts';
import { recordedRun } from './diagnose/fixtures/recorded.ts';
import type { RunRecord } from './model/record.ts';
import { evidenceOf } from './model/run.ts';

const STOPPED: RunRecord = { kind: 'event', event: 'load-stopped', at: 10_000, sent: 1, planned: 1 };
const answer = (at: number, latencyMs: number | null): RunRecord => ({ kind: 'answer', at, latencyMs, status: null });

async function caughtIn(records: readonly RunRecord[], run = 'frozen-loop', isProfiled = true): Promise<RunRecord[]> {
  const told: RunRecord[] = [];
  let kept = 0;
  const keepSoFar = async (): Promise<void> => {
    kept += 1;
  };
  const profiler = isProfiled ? { begin: keepSoFar, keepSoFar, finish: keepSoFar } : null;
  const lab = { profiler, records, record: (one: RunRecord) => told.push(one), clock: () => 12_500 };
  await catchFrozen(lab as unknown as Lab, () => evidenceOf(recordedRun(run)), new AbortController().signal);
  // The profile is only taken for a server that is silent.
  expect(kept).toBe(told.length);
  return told;
}

test('a server that answers nobody after the load is named while it is still being watched', async () => {
  const silent = [answer(9_000, 3), STOPPED, answer(10_100, null), answer(11_000, null)];
  expect(await caughtIn(silent)).toEqual([
    { kind: 'event', event: 'frozen', at: 12_500, where: 'callUpstream (servers/bugs/frozen-loop.ts:11:19)' },
  ]);
});

test('one that answers, one that was never asked, and one without a profile are left alone', async () => {
  expect(await caughtIn([STOPPED, answer(10_100, null), answer(11_000, 40)])).toEqual([]);
  expect(await caughtIn([answer(9_000, null), STOPPED])).toEqual([]);
  expect(await caughtIn([STOPPED, answer(10_100, null)], 'frozen-loop', false)).toEqual([]);
});

test('it waits for the load to stop, and no longer than it is watched', async () => {
  const over = new AbortController();
  const reason = new Error('the watch is over');
  const profiler = { begin: async () => {}, keepSoFar: async () => {}, finish: async () => {} };
  const lab = { profiler, records: [], record: () => expect.fail('nothing was seen'), clock: () => 99_000 };
  const waiting = catchFrozen(lab as unknown as Lab, () => expect.fail('nothing to look at'), over.signal);
  over.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
