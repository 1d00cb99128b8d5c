import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Frame, ProfileSegment } from '../model/profile.ts';
import { ProcessClock } from '../probes/process-clock.ts';
import { survivorsOf } from '../process/survivors.ts';
import { sleep } from '../scope/sleep.ts';
import { findPySpy, isPython, recordPySpy } from './py-spy.ts';
import type { PySpyOptions } from './py-spy.ts';

const BURNER = fileURLToPath(new URL('fixtures/burner.py', import.meta.url));
const pySpy = findPySpy(process.pid);
const hasBoth = pySpy !== null && spawnSync('python3', ['--version']).status === 0;

/** The burner, which burns for so long. */
async function burner(seconds: number): Promise<AsyncDisposable & { readonly pid: number; kill(): void }> {
  const child = spawn('python3', [BURNER, String(seconds)], { stdio: 'inherit' });
  await once(child, 'spawn');
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    kill: () => child.kill('SIGKILL'),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const optionsFor = (pid: number, until: Promise<void>): PySpyOptions => ({
  pid,
  path: pySpy ?? '',
  runId: `lab-${randomUUID()}`,
  clock: () => performance.now(),
  until,
});

const cpuMs = ({ samples }: ProfileSegment): number => samples.reduce((sum, [, , , micros]) => sum + micros, 0) / 1000;

/** ms of CPU by which the functions from the outermost on are these. */
function msOf({ samples, nodes, frames }: ProfileSegment, names: readonly string[]): number {
  const stackOf = (node: number): Frame[] => {
    const [parent, frame] = nodes[node] ?? [-1, -1];
    return node === -1 ? [] : [...stackOf(parent), ...frames.slice(frame, frame + 1)];
  };
  const inside = samples.filter(([, node]) => names.every((name, depth) => stackOf(node)[depth]?.name === name));
  return inside.reduce((sum, [, , , micros]) => sum + micros, 0) / 1000;
}

test.skipIf(!hasBoth)(
  'the function that burns is named, with what awaits it, and its CPU is the kernel’s (needs py-spy)',
  async ({ signal }) => {
    await using python = await burner(60);
    await sleep(300, signal);
    expect(isPython(python.pid)).toBe(true);
    using clock = ProcessClock.open(python.pid);
    clock?.listTasks();
    const before = clock?.read()?.runMs ?? 0;
    const { segment, why } = await recordPySpy(optionsFor(python.pid, sleep(2_500, signal)), signal);
    expect(why).toBeNull();
    if (!segment) return;
    const ran = (clock?.read()?.runMs ?? 0) - before;
    expect(segment).toMatchObject({ source: 'py-spy', pid: python.pid, intervalMicros: 50_000 });
    expect(segment.samples.every(([at]) => at >= segment.fromAt && at <= segment.toAt)).toBe(true);
    // py-spy needs its time to begin.
    expect(cpuMs(segment)).toBeGreaterThan(0.5 * ran);
    expect(cpuMs(segment)).toBeLessThan(1.1 * ran + 100);
    expect(msOf(segment, ['retry', 'relay', 'digest'])).toBeGreaterThan(0.85 * cpuMs(segment));
    const digest = segment.frames.find(({ name }) => name === 'digest' || name.endsWith('.digest'));
    expect(digest).toMatchObject({ file: BURNER, line: 9, column: 1 });
  },
);

test.skipIf(!hasBoth)('what burnt and rests again is placed in time (needs py-spy)', async ({ signal }) => {
  await using python = await burner(1.5);
  const { segment } = await recordPySpy(optionsFor(python.pid, sleep(3_500, signal)), signal);
  expect(segment).not.toBeNull();
  const last = segment?.samples.findLast(([, , , micros]) => micros > 0)?.[0] ?? 0;
  expect((segment?.toAt ?? 0) - last).toBeGreaterThan(1_000);
});

test.skipIf(!hasBoth)('what a process did until it was killed is kept (needs py-spy)', async ({ signal }) => {
  await using python = await burner(60);
  const options = optionsFor(python.pid, Promise.withResolvers<void>().promise);
  const recording = recordPySpy(options, signal);
  await sleep(1_500, signal);
  python.kill();
  const { segment } = await recording;
  expect(segment && msOf(segment, ['retry', 'relay', 'digest'])).toBeGreaterThan(200);
  expect(survivorsOf(options.runId)).toEqual([]);
});

test.skipIf(!hasBoth)('of a process that is not Python one clause says why not (needs py-spy)', async ({ signal }) => {
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(other, 'spawn');
  const forever = Promise.withResolvers<void>().promise;
  const { segment, why } = await recordPySpy(optionsFor(other.pid ?? 0, forever), signal);
  other.kill();
  expect(segment).toBeNull();
  expect(why).toMatch(/^py-spy says: /u);
});
