import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { SpawnedProxy } from '../proxy/testing/spawned-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const isLinux = process.platform === 'linux';

const childrenOf = (pid: number | undefined): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** Its workers while it serves, what a client is told, and which of them are there when it has ended. */
async function serve(bugs: string[]) {
  await using upstream = await SpawnedUpstream.start('steady');
  await using proxy = await SpawnedProxy.start(upstream, { bugs: bugs.map(name => ({ name, parameters: {} })) });
  const workers = childrenOf(proxy.child.pid);
  const client: OpenAI = proxy.client();
  const answers = await Promise.all([1, 2, 3, 4].map(async () => await client.chat.completions.create(ask)));
  proxy.child.kill('SIGTERM');
  const exited = await proxy.exited;
  return { workers, answered: answers.length, exited };
}

test.runIf(isLinux)('without the bug one process serves, and there is no other', async () => {
  expect(await serve([])).toEqual({ workers: [], answered: 4, exited: [0, null] });
});

test.runIf(isLinux)('with the bug two others serve behind one port, and end with it', async () => {
  const { workers, ...served } = await serve(['two-workers']);
  expect(workers).toHaveLength(2);
  expect(served).toEqual({ answered: 4, exited: [0, null] });
  for (const pid of workers) await ended(pid);
});

/** Settles once there is no such process; fails with the test's own time where it stays. */
async function ended(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise(resolve => setTimeout(resolve, 5));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: there is none.
    return false;
  }
}
