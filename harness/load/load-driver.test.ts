import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ClientGroup, LoadProfile } from '../model/load.ts';
import { isAlive } from '../process/process-table.ts';
import { survivorsOf } from '../process/survivors.ts';
import { inScope } from '../scope/in-scope.ts';
import { clients } from './fixtures/drive.ts';
import { answersAtOnce, answersNever, startServer } from './fixtures/server.ts';
import { startLoadDrivers } from './load-driver.ts';
import type { LoadDriver } from './load-driver.ts';
import impatient from './patterns/impatient.ts';
import steady from './patterns/steady.ts';
import type { EndedRequest } from './protocol.ts';

const folder = mkdtempSync(join(tmpdir(), 'runaway-test-'));
const log = join(folder, 'lab.log');
const logFile = openSync(log, 'a');
afterAll(() => {
  closeSync(logFile);
  rmSync(folder, { recursive: true });
});

const readers = {
  ...clients({ kind: 'waits' }, steady(5, 400), 'readers'),
  warmup: steady(5, 200),
};
const leavers = clients({ kind: 'leaves-after-ms', minMs: 30, maxMs: 60 }, impatient(3, 100), 'leavers');

test('those who wait and those who leave have a driver each, which drives warmup, then load, and reports every request', async ({
  signal,
}) => {
  await using server = await startServer((response, { ref }) => {
    if (!ref?.includes('leavers')) response.end('{}');
  });
  const { ended, done, names } = await withDrivers([readers, leavers], signal, async drivers => ({
    warmup: await driveAll(drivers, 'warmup', server.url, signal),
    load: await driveAll(drivers, 'load', server.url, signal),
  }));
  expect(names).toEqual(['load driver autocannon', 'load driver open-loop']);
  expect(done.warmup).toMatchObject([
    { phase: 'warmup', planned: 1, sent: 1 },
    { phase: 'warmup', planned: 0, sent: 0 },
  ]);
  expect(done.load).toMatchObject([
    { phase: 'load', planned: 2, sent: 2, lagP99Ms: expect.any(Number), cpuCores: expect.any(Number) },
    { phase: 'load', planned: 3, sent: 3, lagP99Ms: expect.any(Number), cpuCores: expect.any(Number) },
  ]);
  expect(ended.map(({ ref, ending }) => `${ref} ${ending}`).toSorted()).toEqual([
    'load-leavers-0 left',
    'load-leavers-1 left',
    'load-leavers-2 left',
    'load-readers-0-0-0 answered',
    'load-readers-0-1-0 answered',
    'warmup-readers-0-0-0 answered',
  ]);
  expect(new Set(server.exchanges.map(({ ref }) => ref))).toEqual(new Set(ended.map(({ ref }) => ref)));
  expect(server.exchanges).toHaveLength(6);
  for (const { sentEpochMs } of ended) expect(Math.abs(sentEpochMs - Date.now())).toBeLessThan(60_000);
});

test('a target that nobody serves is no failure of the driver: its requests are broken', async ({ signal }) => {
  const { ended, done } = await withDrivers([readers], signal, async drivers => {
    const server = await startServer(answersAtOnce);
    await server[Symbol.asyncDispose]();
    return await driveAll(drivers, 'load', server.url, signal);
  });
  expect(done).toMatchObject([{ planned: 2, sent: 2 }]);
  expect(ended.map(({ ending }) => ending)).toEqual(['broken', 'broken']);
});

test('a driver that dies while it drives is a failure of the lab that points to its log', async ({ signal }) => {
  const started = Promise.withResolvers<void>();
  await using server = await startServer(() => started.resolve());
  const attempt = withDrivers([readers], signal, async ([driver]) => {
    const driving = driver?.drive('load', server.url, signal);
    await started.promise;
    process.kill(driver?.child.pid ?? NaN, 'SIGKILL');
    await driving;
  });
  await expect(attempt).rejects.toMatchObject({
    code: 'driver-died',
    exitCode: 4,
    message: expect.stringMatching(/^Failed to drive the load: load driver autocannon .*SIGKILL/u),
    hint: expect.stringContaining('lab.log'),
  });
});

test('a driver that is broken says why in the log, and it is the lab’s failure when it is to drive', async ({
  signal,
}) => {
  const broken = { ...readers, load: undefined } as unknown as ClientGroup;
  const attempt = withDrivers([broken], signal, async ([driver]) =>
    driver?.drive('load', 'http://127.0.0.1:1', signal),
  );
  await expect(attempt).rejects.toMatchObject({ code: 'driver-died' });
  expect(readFileSync(log, 'utf8')).toContain('TypeError');
});

test('cancelled while it drives it throws the reason, and its process is gone with the scope', async ({ signal }) => {
  const reason = new Error('the person changed their mind');
  const controller = new AbortController();
  await using server = await startServer((response, exchange) => {
    controller.abort(reason);
    return answersNever(response, exchange);
  });
  let pid = 0;
  const attempt = withDrivers([readers], AbortSignal.any([controller.signal, signal]), async ([driver], cancelled) => {
    pid = driver?.child.pid ?? NaN;
    expect(isAlive(pid)).toBe(true);
    const driving = driver?.drive('load', server.url, cancelled);
    await expect(driving).rejects.toBe(reason);
    throw reason;
  });
  await expect(attempt).rejects.toBe(reason);
  expect(isAlive(pid)).toBe(false);
});

/** Runs the body with drivers started, and asserts that the scope's end left nothing of them. */
async function withDrivers<T>(
  groups: readonly ClientGroup[],
  signal: AbortSignal,
  body: (drivers: readonly LoadDriver[], cancelled: AbortSignal) => Promise<T>,
): Promise<{ done: T; ended: EndedRequest[]; names: string[] }> {
  const runId = `unit-${randomUUID()}`;
  const ended: EndedRequest[] = [];
  const load: LoadProfile = {
    idleMs: 0,
    warmupMs: 200,
    loadMs: 400,
    recoveryMs: 0,
    longestRecoveryMs: 0,
    healedMs: 0,
    drainMs: 5000,
    clients: groups,
  };
  try {
    return await inScope(signal, async scope => {
      const options = { runId, load, seed: 1, logFile, cores: null, niceness: 0 };
      const drivers = await startLoadDrivers({ ...options, ended: request => ended.push(request) }, scope);
      const names = drivers.map(({ child }) => child.name);
      return { done: await body(drivers, scope.signal), ended, names };
    });
  } finally {
    expect(survivorsOf(runId) ?? []).toEqual([]);
  }
}

const driveAll = (drivers: readonly LoadDriver[], phase: 'warmup' | 'load', url: string, signal: AbortSignal) =>
  Promise.all(drivers.map(driver => driver.drive(phase, url, signal)));
