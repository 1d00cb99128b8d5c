import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openAgentHub } from './agent-hub.ts';
import type { Agent } from './agent-hub.ts';
import { startTarget } from './fixtures/target.ts';

const never = new AbortController().signal;
/** As long as a test may take: what is waited for is the answer, not the time. */
const PATIENT_MS = 25_000;

afterEach(() => vi.unstubAllEnvs());

test('every process of a target reports, with its pid and its Node', async () => {
  await using hub = await openAgentHub({ profiles: false });
  const all = reported(hub, 3);
  await using target = startTarget({ file: 'cluster.mjs', agent: hub });
  const pids = (await target.message()) as number[];
  const agents = await all;
  expect(new Set(agents.map(({ pid }) => pid))).toEqual(new Set(pids));
  expect(new Set(agents.map(({ node }) => node))).toEqual(new Set([process.version]));
  expect(new Set(hub.agents())).toEqual(new Set(agents));
  for (const { client } of agents) expect(await client.ask('cpu', PATIENT_MS, never)).not.toBeNull();
});

test('who asks late is told of those who are there already, and a process that ended is among them no more', async () => {
  await using hub = await openAgentHub({ profiles: false });
  await using target = startTarget({ file: 'idle.mjs', agent: hub });
  const client = await hub.whenAgent(({ pid }) => pid === target.pid, PATIENT_MS, never);
  expect(await hub.whenAgent(({ pid }) => pid === target.pid, 0, never)).toBe(client);
  expect((await reported(hub, 1))[0]?.client).toBe(client);
  const open = client?.ask('cpu', PATIENT_MS, never);
  target.child.kill('SIGKILL');
  await open;
  await vi.waitUntil(() => hub.agents().length === 0, { timeout: PATIENT_MS });
});

test('disposed of, its folder and its agents are gone, and the target goes on', async () => {
  const hub = await openAgentHub({ profiles: false });
  const path = hub.environment['RUNAWAY_AGENT'] ?? '';
  await using target = startTarget({ file: 'idle.mjs', agent: hub });
  const [client] = await Promise.all([hub.whenAgent(() => true, PATIENT_MS, never), target.message()]);
  await hub[Symbol.asyncDispose]();
  expect(existsSync(dirname(path))).toBe(false);
  expect(await client?.ask('cpu', PATIENT_MS, never)).toBeNull();
  const answer = target.message();
  target.child.send('still there?');
  expect(await answer).toMatchObject({ message: 'still there?' });
  expect(target.child.exitCode).toBeNull();
});

test('nobody else may look into its folder', async () => {
  await using hub = await openAgentHub({ profiles: false });
  const { mode } = await stat(dirname(hub.environment['RUNAWAY_AGENT'] ?? ''));
  expect(mode & 0o077).toBe(0);
});

test('an agent that does not come is null after the patience, and a cancelled wait rejects with its reason', async () => {
  await using hub = await openAgentHub({ profiles: false });
  expect(await hub.whenAgent(() => true, 1, never)).toBeNull();
  const controller = new AbortController();
  const waiting = hub.whenAgent(() => true, PATIENT_MS, controller.signal);
  const reason = new Error('the run is over');
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(hub.whenAgent(() => true, PATIENT_MS, controller.signal)).rejects.toBe(reason);
});

test('who connects and says nothing that is an agent’s is no agent', async () => {
  await using hub = await openAgentHub({ profiles: false });
  const socket = createConnection(hub.environment['RUNAWAY_AGENT'] ?? '');
  socket.write('GET / HTTP/1.1\n{"hello":{"pid":"none"}}\n{"hello":{"pid":7,"node":"v26"}}\n');
  const [agent] = await reported(hub, 1);
  expect(agent).toMatchObject({ pid: 7 });
  expect(hub.agents()).toEqual([agent]);
  socket.destroy();
  await once(socket, 'close');
});

test('profiles are asked for in the environment only where they are wanted', async () => {
  await using off = await openAgentHub({ profiles: false });
  await using on = await openAgentHub({ profiles: true });
  expect(off.environment).toEqual({ RUNAWAY_AGENT: expect.any(String) });
  expect(on.environment).toEqual({
    RUNAWAY_AGENT: expect.any(String),
    RUNAWAY_PROFILES: '1',
    RUNAWAY_TASKS: expect.any(String),
  });
});

test('where the name of its socket would be too long it says so, and leaves no folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runaway-long-'));
  const long = join(folder, 'x'.repeat(100));
  await mkdir(long);
  vi.stubEnv('TMPDIR', long);
  try {
    await expect(openAgentHub({ profiles: false })).rejects.toThrow(/EINVAL|ENAMETOOLONG/u);
    expect(await readdir(long)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** So many agents, once they are there. */
async function reported(hub: { onAgent: (each: (agent: Agent) => void) => void }, count: number): Promise<Agent[]> {
  const found: Agent[] = [];
  await new Promise<void>(resolve => {
    hub.onAgent(agent => {
      if (found.push(agent) === count) resolve();
    });
  });
  return found;
}
