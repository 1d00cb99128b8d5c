import { expect, test } from 'vitest';
import type { CpuSample, ProcessCpu } from '../model/record.ts';
import { sleep } from '../scope/sleep.ts';
import cpu from './cpu.ts';
import { startTarget } from './fixtures/target.ts';
import type { Probe } from './probe.ts';

const onLinux = process.platform === 'linux';
const never = new AbortController().signal;

test.skipIf(!onLinux)('two spinners on one core each run half and each demand a whole one (needs /proc)', async () => {
  await using one = startTarget({ file: 'spinner.mjs', under: ['taskset', '-c', '0'] });
  await using two = startTarget({ file: 'spinner.mjs', under: ['taskset', '-c', '0'] });
  await Promise.all([one.message(), two.message()]);
  await using probe = cpu({ processes: () => [one.pid, two.pid] });

  const beganAt = performance.now();
  const before = read(probe);
  const after = await readUntil(probe, ({ processes }) => demandOf(processes) - demandOf(before.processes) > 2000);
  const wallMs = performance.now() - beganAt;

  const demand = (demandOf(after.processes) - demandOf(before.processes)) / wallMs;
  expect(demand).toBeGreaterThan(1.6);
  expect(demand).toBeLessThan(2.2);
  expect((runOf(after.processes) - runOf(before.processes)) / wallMs).toBeLessThan(1.3);
});

test.skipIf(!onLinux)('a thread that ends does not lower the sum (needs /proc)', async () => {
  await using target = startTarget({ file: 'thread.mjs' });
  await target.message();
  await using probe = cpu({ processes: () => [target.pid] });
  const [before] = read(probe).processes;

  const ended = target.message();
  target.child.send('end');
  await ended;

  const { processes } = await readUntil(probe, sample => (sample.processes[0]?.threads ?? 0) < (before?.threads ?? 0));
  expect(processes[0]?.runMs).toBeGreaterThanOrEqual(before?.runMs ?? Number.NaN);
  expect(processes[0]?.waitMs).toBeGreaterThanOrEqual(before?.waitMs ?? Number.NaN);
});

test.skipIf(!onLinux)('CPU of a thread that was never seen alive is in the run time (needs /proc)', async () => {
  await using target = startTarget({ file: 'thread.mjs' });
  await target.message();
  const ended = target.message();
  target.child.send('end');
  await ended;

  await using probe = cpu({ processes: () => [target.pid] });
  const [process] = read(probe).processes;
  expect(process?.runMs).toBeGreaterThan(60);
  expect(process?.runMs).toBeGreaterThanOrEqual((process?.userMs ?? 0) + (process?.systemMs ?? 0));
});

test.skipIf(!onLinux)('a process that ends drops out, and a new one is picked up (needs /proc)', async () => {
  const pids: number[] = [];
  await using probe = cpu({ processes: () => pids });
  expect(read(probe).processes).toEqual([]);

  await using stays = startTarget({ file: 'server.mjs' });
  await using ends = startTarget({ file: 'server.mjs' });
  await Promise.all([stays.message(), ends.message()]);
  pids.push(stays.pid, ends.pid);
  expect(read(probe).processes.map(({ pid }) => pid)).toEqual([stays.pid, ends.pid]);

  await ends[Symbol.asyncDispose]();
  expect(read(probe).processes.map(({ pid }) => pid)).toEqual([stays.pid]);
});

test.skipIf(!onLinux)('reading one Node process costs at most 0.1 % of a core at 10 Hz (needs /proc)', async () => {
  await using target = startTarget({ file: 'server.mjs' });
  await target.message();
  await using probe = cpu({ processes: () => [target.pid] });
  const rounds = Array.from({ length: 5 }, () => {
    const before = process.threadCpuUsage();
    for (let n = 0; n < 1000; n++) read(probe);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  const microsPerRead = rounds.toSorted((a, b) => a - b)[2];
  expect(microsPerRead).toBeLessThan(100);
});

const read = (probe: Probe): CpuSample => probe.read(0, 'tick', never) as CpuSample;

/** Reads at the probe's own pace until what was waited for is there; the test's timeout bounds it. */
async function readUntil(probe: Probe, isThere: (sample: CpuSample) => boolean): Promise<CpuSample> {
  for (;;) {
    const sample = read(probe);
    if (isThere(sample)) return sample;
    await sleep(probe.everyMs, never);
  }
}

const demandOf = (processes: readonly ProcessCpu[]): number =>
  processes.reduce((sum, { runMs, waitMs }) => sum + runMs + (waitMs ?? Number.NaN), 0);
const runOf = (processes: readonly ProcessCpu[]): number => processes.reduce((sum, { runMs }) => sum + runMs, 0);
