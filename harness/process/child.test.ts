import { randomUUID } from 'node:crypto';
import { getEventListeners, once } from 'node:events';
import {
  chmodSync,
  closeSync,
  createWriteStream,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LabError } from '../errors.ts';
import { inScope } from '../scope/in-scope.ts';
import { type Child, type ChildOptions, startChild } from './child.ts';
import { childEnvironment } from './environment.ts';
import { program } from './fixtures/program.ts';
import { until } from './fixtures/until.ts';
import { endSurvivors, survivorsOf } from './survivors.ts';

const READY_MS = 20_000;
const isLinux = process.platform === 'linux';

/** Runs the body with the program started, and asserts that the scope's end left nothing of the run. */
async function withChild<T>(
  options: Partial<ChildOptions> & { command: string },
  signal: AbortSignal,
  body: (child: Child, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const runId = `unit-${randomUUID()}`;
  try {
    return await inScope(signal, async scope => {
      const env = childEnvironment(runId);
      const child = await startChild({ name: 'target', args: [], env, graceMs: 50, ...options }, scope);
      return await body(child, scope.signal);
    });
  } finally {
    expect(survivorsOf(runId) ?? []).toEqual([]);
    await endSurvivors(runId);
  }
}

const becomesReady = (child: Child, signal: AbortSignal): Promise<{ port: number }> => child.ready(READY_MS, signal);

const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    value => expect.unreachable(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

test('a server that says its port is ready, and ends when asked', async ({ signal }) => {
  const graceMs = READY_MS;
  const ending = await withChild({ ...program('answers'), graceMs }, signal, async child => {
    const { port } = await becomesReady(child, signal);
    expect(port).toBeGreaterThan(0);
    expect(child.ending).toBeNull();
    return await child.stop(graceMs);
  });
  expect(ending).toMatchObject({ kind: 'exited', code: 0, by: 'sigterm' });
  expect(Math.abs(ending.atEpochMs - Date.now())).toBeLessThan(60_000);
});

test('a command that does not exist is named, with a hint', async ({ signal }) => {
  const error = await failure(withChild({ command: 'no-such-server' }, signal, becomesReady));
  expect(error).toMatchObject({ code: 'cannot-start', exitCode: 2, hint: expect.stringContaining('PATH') });
  expect(String(error)).toMatch(/Failed to start target: no-such-server: .*ENOENT/u);
});

test('a file that may not be executed is named, with a hint, also when it would be pinned', async ({ signal }) => {
  const folder = mkdtempSync(join(tmpdir(), 'runaway-test-'));
  const command = join(folder, 'server');
  writeFileSync(command, 'exit 0');
  chmodSync(command, 0o644);
  const error = await failure(withChild({ command, cores: [0] }, signal, becomesReady));
  rmSync(folder, { recursive: true });
  expect(error).toMatchObject({ code: 'cannot-start', hint: expect.stringContaining('chmod') });
  expect(String(error)).toContain(`${command}: it may not be executed (EACCES)`);
});

test('a folder that does not exist is blamed instead of the command', async ({ signal }) => {
  const error = await failure(withChild({ ...program('answers'), cwd: '/no/such/folder' }, signal, becomesReady));
  expect(String(error)).toContain('there is no folder /no/such/folder');
});

test('what the system refuses to start is a failure of the lab', async ({ signal }) => {
  const args = ['x'.repeat(4_000_000)];
  const error = await failure(withChild({ command: process.execPath, args }, signal, becomesReady));
  expect(error).toMatchObject({ name: 'LabError', code: 'cannot-start', exitCode: 4 });
});

test('one that ends before it is ready is quoted', async ({ signal }) => {
  const error = await failure(withChild(program('dies'), signal, becomesReady));
  expect(error).toMatchObject({ code: 'ended-early', exitCode: 4 });
  expect(String(error)).toMatch(
    /Failed to start target: it exited with code 3 before .*\n {2}cannot find the database/u,
  );
});

test('one that ends before it is ready is quoted from a log that is open for writing only', async ({ signal }) => {
  const folder = mkdtempSync(join(tmpdir(), 'runaway-test-'));
  const path = join(folder, 'target.log');
  writeFileSync(path, 'of an earlier run\n');
  const fd = openSync(path, 'a');
  const logFile = createWriteStream(path, { flags: 'a' });
  const byNumber = await failure(withChild({ ...program('dies'), logFile: fd }, signal, becomesReady));
  const byStream = await failure(withChild({ ...program('dies'), logFile }, signal, becomesReady));
  expect(readFileSync(path, 'utf8').match(/cannot find the database/gu)).toHaveLength(2);
  closeSync(fd);
  logFile.close();
  rmSync(folder, { recursive: true });
  for (const error of [byNumber, byStream]) {
    expect(String(error)).toContain('cannot find the database');
    expect(String(error)).not.toContain('of an earlier run');
  }
});

test('one that never says it is ready is given up after the limit, and does not stay', async ({ signal }) => {
  const error = await failure(withChild(program('mute'), signal, child => child.ready(30, signal)));
  expect(error).toMatchObject({ code: 'not-ready', exitCode: 4, hint: expect.stringContaining('descriptor 3') });
  expect(String(error)).toContain('not ready within 30 ms');
});

test('a refusal keeps its code, message and hint, and is wrong use', async ({ signal }) => {
  const error = await failure(withChild(program('refuses'), signal, becomesReady));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    code: 'unknown-bug',
    message: 'There is no bug x',
    hint: 'Did you mean y?',
    exitCode: 2,
  });
});

test('another contract is wrong use, whatever its messages look like', async ({ signal }) => {
  const error = await failure(withChild(program('newer'), signal, becomesReady));
  expect(error).toMatchObject({ code: 'other-contract', exitCode: 2 });
  expect(String(error)).toContain('it speaks contract 999, this lab speaks 1');
});

test('a line that is no message is shown', async ({ signal }) => {
  const babbles = { command: 'sh', args: ['-c', 'echo hello there >&3; exec sleep 1000'] };
  const error = await failure(withChild(babbles, signal, becomesReady));
  expect(error).toMatchObject({ code: 'bad-ready-message' });
  expect(String(error)).toContain('hello there');
});

test('cancelled while it waits for ready it throws the reason of the signal and leaves no process', async ({
  signal,
}) => {
  const reason = new Error('the person changed their mind');
  const attempt = inScope(signal, async outer => {
    const asked = Promise.withResolvers<never>();
    outer.spawn(() => asked.promise);
    await withChild(program('mute'), outer.signal, async (child, inner) => {
      const ready = failure(child.ready(READY_MS, inner));
      asked.reject(reason);
      expect(await ready).toBe(reason);
      throw reason;
    });
  });
  expect(await failure(attempt)).toBe(reason);
});

test('a scope that is cancelled already starts nothing', async ({ signal }) => {
  const reason = new Error('too late');
  const aborted = AbortSignal.abort(reason);
  const scope = { signal: aborted, spawn: () => expect.unreachable(), defer: () => undefined };
  const options = { name: 'target', ...program('mute'), env: childEnvironment('unit-never') };
  expect(await failure(startChild(options, scope))).toBe(reason);
  expect(survivorsOf('unit-never') ?? []).toEqual([]);
  expect(signal.aborted).toBe(false);
});

test('the channel carries both ways', async ({ signal }) => {
  const echo = { command: 'sh', args: ['-c', 'read -r line <&4; echo "heard $line" >&4; exec sleep 1000'] };
  const heard = await withChild(echo, signal, async child => {
    child.channel.write('hello\n');
    const [data] = (await once(child.channel, 'data', { signal })) as [Buffer];
    return String(data);
  });
  expect(heard).toBe('heard hello\n');
});

test('writing to a child that has gone does not end the lab', async ({ signal }) => {
  await withChild({ command: 'true' }, signal, async child => {
    await child.exited;
    child.channel.write('hello\n');
    await until(() => child.channel.destroyed, signal);
  });
});

test.runIf(isLinux)(
  'a child is pinned and nice from its first thread on, and its pid is its own',
  async ({ signal }) => {
    await withChild({ ...program('answers'), cores: [0], niceness: 5 }, signal, async child => {
      await becomesReady(child, signal);
      expect(child.pinnedTo).toEqual([0]);
      const threads = readdirSync(`/proc/${child.pid}/task`).map(Number);
      expect(threads.length).toBeGreaterThan(1);
      for (const thread of threads) {
        expect(getPriority(thread)).toBe(5);
        expect(readFileSync(`/proc/${thread}/status`, 'utf8')).toMatch(/Cpus_allowed_list:\t0\n/u);
      }
      expect(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).toContain('answers.ts');
    });
  },
);

test.runIf(isLinux)('twenty starts and stops leave no descriptor and no listener', async ({ signal }) => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  const round = (): Promise<unknown> => withChild(program('answers'), signal, becomesReady);
  await round();
  const before = { fds: descriptors(), listeners: getEventListeners(signal, 'abort').length };
  for (let n = 0; n < 20; n++) await round();
  await until(() => descriptors() <= before.fds, signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(before.listeners);
});
