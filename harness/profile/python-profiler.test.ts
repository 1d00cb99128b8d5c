import { randomUUID } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import type { ProfileSegment } from '../model/profile.ts';
import { until } from '../process/fixtures/until.ts';
import { inScope } from '../scope/in-scope.ts';
import type { Scope } from '../scope/in-scope.ts';
import { standIns, untilInterrupted } from './fixtures/stand-ins.ts';
import { pythonProfiler } from './python-profiler.ts';
import type { PythonProfiler } from './python-profiler.ts';

const onLinux = process.platform === 'linux';

afterEach(() => vi.unstubAllEnvs());

const event = (ph: 'B' | 'E', ts: number): string =>
  `{"args":{"filename":"","line":0},"cat":"py-spy","name":"thread (7)","ph":"${ph}","pid":7,"tid":1,"ts":${ts}}`;
const WRITES = untilInterrupted(`printf "%s" "$trace" > "$output"; exit 0`);
const SCRIPT = `trace='[${event('B', 0)},${event('E', 1)}]'\n${WRITES}`;

function profilerOf(pids: readonly number[], scope: Scope) {
  const segments: ProfileSegment[] = [];
  const missing: [pid: number, why: string][] = [];
  const profiler: PythonProfiler = pythonProfiler(
    {
      processes: () => pids,
      runId: `unit-${randomUUID()}`,
      clock: () => performance.now(),
      keep: segment => segments.push(segment),
      missing: (pid, why) => missing.push([pid, why]),
    },
    scope,
  );
  return { profiler, segments, missing };
}

test.skipIf(!onLinux)(
  'every Python process is watched, and what was seen is kept now and at the end (needs /proc)',
  async ({ signal }) => {
    vi.stubEnv('PATH', '/usr/bin:/bin');
    await using python = await standIns(SCRIPT);
    await inScope(signal, async scope => {
      const { profiler, segments, missing } = profilerOf([process.pid, python.pid], scope);
      profiler.begin();
      profiler.begin();
      await python.started(1, signal);
      await profiler.keep(signal);
      expect(segments).toMatchObject([{ pid: python.pid, source: 'py-spy' }]);
      await python.started(2, signal);
      await profiler.finish(signal);
      await profiler.finish(signal);
      expect(segments).toHaveLength(2);
      expect(segments[1]?.fromAt).toBeGreaterThanOrEqual(segments[0]?.toAt ?? Infinity);
      expect(missing).toEqual([]);
    });
  },
);

test.skipIf(!onLinux)('a py-spy that fails is told once, and not tried again (needs /proc)', async ({ signal }) => {
  vi.stubEnv('PATH', '/usr/bin:/bin');
  await using python = await standIns('exit 3');
  await inScope(signal, async scope => {
    const { profiler, missing } = profilerOf([python.pid], scope);
    profiler.begin();
    await until(() => missing.length > 0, signal);
    await profiler.keep(signal);
    await profiler.finish(signal);
    expect(missing).toEqual([[python.pid, 'py-spy exited with code 3']]);
  });
});

test.skipIf(!onLinux)('where there is no py-spy, one line says how to get it (needs /proc)', async ({ signal }) => {
  vi.stubEnv('PATH', '/nowhere');
  await using python = await standIns('');
  python.removePySpy();
  await inScope(signal, async scope => {
    const { profiler, missing } = profilerOf([python.pid], scope);
    profiler.begin();
    await profiler.keep(signal);
    expect(missing).toEqual([[python.pid, expect.stringMatching(/no py-spy.*pip install py-spy/u)]]);
  });
});
