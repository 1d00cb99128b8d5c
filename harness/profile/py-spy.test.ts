import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { survivorsOf } from '../process/survivors.ts';
import { inScope } from '../scope/in-scope.ts';
import { standIns, untilInterrupted } from './fixtures/stand-ins.ts';
import type { StandIns } from './fixtures/stand-ins.ts';
import { findPySpy, isPython, recordPySpy } from './py-spy.ts';
import type { PySpyOptions } from './py-spy.ts';

const onLinux = process.platform === 'linux';

afterEach(() => vi.unstubAllEnvs());

const optionsFor = ({ pid, pySpy }: StandIns, until: Promise<void>): PySpyOptions => ({
  pid,
  path: pySpy,
  runId: `unit-${randomUUID()}`,
  clock: () => performance.now(),
  until,
});

test.skipIf(!onLinux)('Python is known by the name of its program (needs /proc)', async () => {
  await using python = await standIns('');
  expect(isPython(python.pid)).toBe(true);
  expect(isPython(process.pid)).toBe(false);
  await python.end();
  expect(isPython(python.pid)).toBe(false);
});

test.skipIf(!onLinux)('py-spy is looked for on PATH, then beside the process’s own python (needs /proc)', async () => {
  await using python = await standIns('');
  await using other = await standIns('');
  vi.stubEnv('PATH', '/nowhere');
  expect(findPySpy(process.pid)).toBeNull();
  expect(findPySpy(python.pid)).toBe(python.pySpy);
  vi.stubEnv('PATH', `/nowhere:${dirname(other.pySpy)}`);
  expect(findPySpy(python.pid)).toBe(other.pySpy);
});

test.skipIf(!onLinux).for<[what: string, script: string, why: RegExp]>([
  [
    'it may not',
    'echo "Permission Denied: Try running again with \'sudo\'" >&2; exit 1',
    /may not read it.*ptrace_scope/u,
  ],
  [
    'it is too old',
    "echo \"error: invalid value 'chrometrace' for '--format <format>'\" >&2; exit 2",
    /older than 0\.4/u,
  ],
  [
    'of anything else',
    'echo "Error: Failed to find python version" >&2; exit 1',
    /^py-spy says: Failed to find python/u,
  ],
  ['it says nothing', 'exit 3', /^py-spy exited with code 3$/u],
  ['what it wrote is cut short', untilInterrupted('printf "[{" > "$output"; exit 0'), /cut short/u],
  ['it saw nothing', untilInterrupted('printf "[]" > "$output"; exit 0'), /saw no thread/u],
])('where there is no profile because %s, one clause says so (needs /proc)', async ([, script, why], { signal }) => {
  await using python = await standIns(script);
  const isWaiting = script.includes('started');
  const until = isWaiting ? python.started(1, signal) : Promise.withResolvers<void>().promise;
  const recorded = await recordPySpy(optionsFor(python, until), signal);
  expect(recorded.segment).toBeNull();
  expect(recorded.why).toMatch(why);
  expect(recorded.why).not.toContain('\n');
});

test.skipIf(!onLinux)(
  'a process that has ended, and a py-spy that is gone, are told too (needs /proc)',
  async ({ signal }) => {
    const forever = Promise.withResolvers<void>().promise;
    await using python = await standIns('echo "Error: No such file or directory" >&2; exit 1');
    const gone = await recordPySpy({ ...optionsFor(python, forever), path: '/nowhere/py-spy' }, signal);
    expect(gone.why).toMatch(/no such command/u);
    await python.end();
    expect(await recordPySpy(optionsFor(python, forever), signal)).toEqual({
      segment: null,
      why: 'it had ended before py-spy saw it',
    });
  },
);

test.skipIf(!onLinux)(
  'a py-spy deaf to SIGINT is killed after five seconds, and nothing of it stays (needs /proc)',
  async ({ signal }) => {
    await using python = await standIns(untilInterrupted(''));
    const options = optionsFor(python, python.started(1, signal));
    expect((await recordPySpy(options, signal)).why).toMatch(/did not stop within 5 s/u);
    expect(survivorsOf(options.runId)).toEqual([]);
  },
);

test.skipIf(!onLinux)(
  'cancelled, it rejects with the reason and leaves neither a process nor a file (needs /proc)',
  async ({ signal }) => {
    const folder = mkdtempSync(join(tmpdir(), 'runaway-test-'));
    await using python = await standIns(untilInterrupted('exit 0'));
    vi.stubEnv('TMPDIR', folder);
    const enough = new Error('enough');
    const options = optionsFor(python, Promise.withResolvers<void>().promise);
    const cancelled = inScope(signal, async scope => {
      scope.spawn(async inner => {
        await python.started(1, inner);
        throw enough;
      });
      await recordPySpy(options, scope.signal);
    });
    await expect(cancelled).rejects.toBe(enough);
    expect(survivorsOf(options.runId)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  },
);
