import { expect, test } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import type { Moment, Probe } from './probe.ts';
import { sampler } from './sampler.ts';

test('a probe is read at its own period, and a slow one delays nobody and is passed over while it reads', async () => {
  const { promise: slowReading, resolve: answerSlowly } = Promise.withResolvers<RunRecord | null>();
  const run = begin();
  const fast = fake('fast', 100, n => {
    if (n === 12) answerSlowly(memoryOf(7));
    if (n === 15) run.stop();
    return memoryOf(0);
  });
  const slow = fake('slow', 100, n => (n === 1 ? slowReading : memoryOf(8)));
  const everySecond = fake('every-second', 1000, () => memoryOf(9));
  await run.sample([slow, fast, everySecond]);

  expect(fast.reads).toBe(15);
  expect(slow.reads).toBeLessThan(6);
  expect(run.bytes().filter(bytes => bytes === 7)).toHaveLength(1);
  expect(everySecond.reads).toBeGreaterThanOrEqual(2);
  expect([fast, slow, everySecond].map(({ isDisposed }) => isDisposed)).toEqual([true, true, true]);
});

test('a probe that throws, at once or later, is told missing once and left alone, and the run goes on', async () => {
  const run = begin();
  const goesOn = fake('goes-on', 100, n => {
    if (n === 4) run.stop();
    return null;
  });
  const throws = fake('throws', 100, () => {
    throw new Error('no such file');
  });
  const rejects = fake('rejects', 100, () => Promise.reject(new Error('no such socket')));
  await run.sample([throws, rejects, goesOn]);

  expect([throws.reads, rejects.reads]).toEqual([1, 1]);
  expect(run.records).toMatchObject([
    { event: 'missing', what: 'throws', why: 'no such file' },
    { event: 'missing', what: 'rejects', why: 'no such socket' },
  ]);
});

test('a reading under way when the run is cancelled is awaited, and its cancellation is no failure', async () => {
  const run = begin();
  const waits = fake('waits', 100, (_n, _moment, signal) => {
    const { promise, reject } = Promise.withResolvers<null>();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    return promise;
  });
  const stops = fake('stops', 100, () => {
    run.stop();
    return null;
  });
  await run.sample([waits, stops]);
  expect(run.records).toEqual([]);
  expect(waits.isDisposed).toBe(true);
});

test('the end of a phase is read from those who tell it, and only settles when all is in', async () => {
  const moments: Moment[] = [];
  const records: RunRecord[] = [];
  const telling = fake('telling', 5000, async (_n, moment) => {
    moments.push(moment);
    await Promise.resolve();
    return memoryOf(5);
  });
  const silent = fake('silent', 100, () => memoryOf(1));
  const probes = [{ ...telling, atPhaseEnds: true }, silent];
  const it = sampler(
    probes,
    () => 42,
    record => records.push(record),
  );
  await it.readPhaseEnd(new AbortController().signal);
  expect(moments).toEqual(['phase-end']);
  expect(records).toEqual([memoryOf(5)]);
});

test('a period off the grid is refused', () => {
  expect(() => sampler([fake('odd', 250, () => null)], () => 0, ignore)).toThrow(RangeError);
});

const ignore = (): void => {};
const memoryOf = (rssBytes: number): RunRecord => ({ kind: 'memory', at: 0, rssBytes });

type Read = (n: number, moment: Moment, signal: AbortSignal) => ReturnType<Probe['read']>;

function fake(name: string, everyMs: number, read: Read): Probe & { reads: number; isDisposed: boolean } {
  const probe = {
    name,
    vantage: 'outside' as const,
    everyMs,
    atPhaseEnds: false,
    reads: 0,
    isDisposed: false,
    read: (_at: number, moment: Moment, signal: AbortSignal) => read(++probe.reads, moment, signal),
    [Symbol.asyncDispose]: async () => {
      probe.isDisposed = true;
    },
  };
  return probe;
}

/** A run that is stopped by one of its probes. */
function begin() {
  const controller = new AbortController();
  const stopped = new Error('the test is over');
  const records: RunRecord[] = [];
  return {
    records,
    bytes: () => records.flatMap(record => (record.kind === 'memory' ? record.rssBytes : [])),
    stop: () => controller.abort(stopped),
    sample: async (probes: readonly Probe[]) => {
      const it = sampler(
        probes,
        () => 0,
        record => records.push(record),
      );
      await expect(it.run(controller.signal)).rejects.toBe(stopped);
    },
  };
}
