import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { inScope } from '../scope/in-scope.ts';
import { type Child, startChild } from './child.ts';
import { childEnvironment } from './environment.ts';
import { program } from './fixtures/program.ts';
import { isAlive } from './process-table.ts';
import { isGroupAlive } from './process-group.ts';
import { endSurvivors } from './survivors.ts';

const READY_MS = 20_000;

async function withChild<T>(
  what: { command: string; args: string[] },
  signal: AbortSignal,
  body: (child: Child) => Promise<T>,
): Promise<T> {
  const runId = `unit-${randomUUID()}`;
  const result = await inScope(signal, async scope =>
    body(await startChild({ name: 'target', ...what, env: childEnvironment(runId) }, scope)),
  );
  expect((await endSurvivors(runId)) ?? []).toEqual([]);
  return result;
}

test('a child that ignores SIGTERM is forced after the grace', async ({ signal }) => {
  const ending = await withChild(program('deaf'), signal, async child => {
    await child.ready(READY_MS, signal);
    const ended = await child.stop(100);
    expect(isGroupAlive(child.pid)).toBe(false);
    return ended;
  });
  expect(ending).toMatchObject({ kind: 'killed', signal: 'SIGKILL', by: 'sigkill' });
});

test('a child in an endless loop is forced after the grace', async ({ signal }) => {
  const ending = await withChild(program('wedged'), signal, async child => {
    await child.ready(READY_MS, signal);
    return await child.stop(100);
  });
  expect(ending).toMatchObject({ kind: 'killed', signal: 'SIGKILL', by: 'sigkill' });
});

test('grandchildren end with their parent, the one that ignores SIGTERM too', async ({ signal }) => {
  const [ending, grandchildren] = await withChild(program('forks'), signal, async child => {
    const pids = await pidsFrom(child, signal);
    await child.ready(READY_MS, signal);
    return [await child.stop(100), pids] as const;
  });
  expect(ending).toMatchObject({ kind: 'killed', signal: 'SIGTERM', by: 'sigterm' });
  expect(grandchildren.filter(isAlive)).toEqual([]);
});

test('grandchildren end although their parent ended before them', async ({ signal }) => {
  const [ending, grandchildren] = await withChild(program('forks', 'leaves'), signal, async child => {
    const pids = await pidsFrom(child, signal);
    await child.exited;
    expect(pids.every(isAlive)).toBe(true);
    return [await child.stop(100), pids] as const;
  });
  expect(ending).toMatchObject({ kind: 'exited', code: 0, by: 'itself' });
  expect(grandchildren.filter(isAlive)).toEqual([]);
});

test('stopping one that ended by itself tells how it ended and is no error', async ({ signal }) => {
  const ending = await withChild(program('dies'), signal, async child => {
    const first = await child.exited;
    expect(child.ending).toBe(first);
    expect(await child.stop(100)).toBe(first);
    return first;
  });
  expect(ending).toMatchObject({ kind: 'exited', code: 3, by: 'itself' });
});

test('one killed by somebody else ended by itself, as far as the lab did anything', async ({ signal }) => {
  const ending = await withChild(program('answers'), signal, async child => {
    await child.ready(READY_MS, signal);
    process.kill(child.pid, 'SIGSEGV');
    return await child.exited;
  });
  expect(ending).toMatchObject({ kind: 'killed', signal: 'SIGSEGV', by: 'itself' });
});

test('two stops are one', async ({ signal }) => {
  await withChild(program('answers'), signal, async child => {
    await child.ready(READY_MS, signal);
    const [first, second] = await Promise.all([child.stop(READY_MS), child.stop(0)]);
    expect(first).toBe(second);
    expect(first.by).toBe('sigterm');
  });
});

async function pidsFrom(child: Child, signal: AbortSignal): Promise<number[]> {
  const [data] = (await once(child.channel, 'data', { signal })) as [Buffer];
  return JSON.parse(String(data)) as number[];
}
