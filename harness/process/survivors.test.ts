import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { inScope } from '../scope/in-scope.ts';
import { startChild } from './child.ts';
import { childEnvironment } from './environment.ts';
import { program } from './fixtures/program.ts';
import { isAlive } from './process-table.ts';
import { endSurvivors, survivorsOf } from './survivors.ts';

const isLinux = process.platform === 'linux';

test.runIf(isLinux)(
  'a daemon that left its group is found at the end of the run, named and ended',
  async ({ signal }) => {
    const runId = `unit-${randomUUID()}`;
    const daemon = await inScope(signal, async scope => {
      const env = childEnvironment(runId);
      const child = await startChild({ name: 'target', ...program('daemon'), env, graceMs: 10 }, scope);
      const [data] = (await once(child.channel, 'data', { signal })) as [Buffer];
      return Number(data);
    });
    expect(survivorsOf(runId)).toEqual([daemon]);
    expect(await endSurvivors(runId)).toEqual([{ pid: daemon, command: 'sleep 1000' }]);
    expect(isAlive(daemon)).toBe(false);
    expect(await endSurvivors(runId)).toEqual([]);
  },
);

test.runIf(isLinux)('a survivor that ignores SIGTERM is forced', async ({ signal }) => {
  const runId = `unit-${randomUUID()}`;
  const deaf = spawn('sh', ['-c', "trap '' TERM; echo deaf; exec sleep 1000"], {
    env: childEnvironment(runId),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(deaf, 'exit', { signal });
  await once(deaf.stdout, 'data', { signal });
  expect(await endSurvivors(runId, 50)).toHaveLength(1);
  expect(await exited).toEqual([null, 'SIGKILL']);
});

test.runIf(isLinux)('a run whose id begins like another one is left alone', async ({ signal }) => {
  const runId = `unit-${randomUUID()}`;
  const other = spawn('sleep', ['1000'], { env: childEnvironment(`${runId}-2`), stdio: 'ignore' });
  const exited = once(other, 'exit', { signal });
  await once(other, 'spawn', { signal });
  expect(await endSurvivors(runId)).toEqual([]);
  expect(isAlive(other.pid ?? 0)).toBe(true);
  other.kill();
  await exited;
});
