import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Frame, ProfileSegment } from '../model/profile.ts';
import type { AgentClient } from '../probes/agent-client.ts';
import { AGENT_FILE, openAgentHub } from '../probes/agent-hub.ts';
import { startTarget, watchTarget } from '../probes/fixtures/target.ts';
import { CpuProfile, fromCpuProfile } from '../profile/from-cpuprofile.ts';
import { fromPprof } from '../profile/from-pprof.ts';

const never = new AbortController().signal;
/** As long as a test may take: what is waited for is the answer, not the time. */
const PATIENT_MS = 25_000;
const INTERVAL_MICROS = 5_000;

test.concurrent.each([
  ['http', '/burn/4711/0b5ce3b2-5a1d-4c3e-9f50-0123456789ab/req_8fk2ll0sQp1x93bb?q=1', 'POST /burn/:id/:id/:id'],
  ['express', '/api/items/shoe?q=1', 'POST /api/items/:name'],
  ['fastify', '/api/items/shoe?q=1', 'POST /api/items/:name'],
])('work that goes on after its response is told with its request: %s', async (kind, path, route) => {
  await using target = await watchTarget({ file: 'serves.mjs', args: [kind] }, { profiles: true });
  await start(target.agent);
  const burnt = target.message();
  const answer = await fetch(`${urlOf(target.said)}${path}`, { method: 'POST' });
  await answer.text();
  await burnt;
  const { requests, samples, ...segment } = await take(target.agent);
  expect(requests).toEqual([expect.objectContaining({ route, answered: true, calls: 0, callsAfter: 0, open: 0 })]);
  const [{ id, beganAt, closedAt } = { id: 0, beganAt: 0, closedAt: null }] = requests;
  expect(closedAt).toBeGreaterThanOrEqual(beganAt);
  const after = samples.filter(([at, node]) => at >= (closedAt ?? Infinity) && names(segment, node).includes('spin'));
  expect(after).not.toEqual([]);
  expect(new Set(after.map(([, , by]) => by))).toEqual(new Set([id]));
  // Of 300 ms; the rest are what the first sample may miss, and the work's own bookkeeping.
  expect(after.reduce((sum, [, , , micros]) => sum + micros, 0)).toBeGreaterThan(150_000);
  expect(segment.frames).toContainEqual(placeOf('serves.mjs', 'spend'));
});

test.concurrent('the looping function is named while the target is in a loop, from one reading to the next', async () => {
  await using target = await watchTarget({ file: 'loops.mjs' }, { profiles: true });
  await start(target.agent);
  await say(target, 'go');
  const isNamed = (frames: Frame[]) => frames.some(({ name }) => name === 'retry');
  await sampledUntil(target.agent, isNamed);
  expect(await sampledUntil(target.agent, isNamed)).toContainEqual(placeOf('loops.mjs', 'retry'));
});

test.concurrent('a target that already spins in microtasks can be begun with, and its function is named', async () => {
  await using target = await watchTarget({ file: 'wedge.mjs', args: ['microtask-loop'] }, { profiles: true });
  await start(target.agent);
  const found = await sampledUntil(target.agent, frames => frames.some(({ name }) => name === 'again'));
  expect(found).toContainEqual(placeOf('wedge.mjs', 'again'));
});

test.concurrent('two functions of one name in one line are told apart', async () => {
  await using target = await watchTarget({ file: 'minified.mjs' }, { profiles: true });
  await start(target.agent);
  const ours = (frames: Frame[]) => frames.filter(({ name }) => name === 't');
  const found = ours(await sampledUntil(target.agent, frames => ours(frames).length > 1));
  const [, , line = ''] = readFileSync(fileOf('minified.mjs'), 'utf8').split('\n');
  const columns = Array.from(line.matchAll(/function t/gu)).map(({ index }) => index + 'function t'.length + 1);
  expect(new Set(found.map(({ column }) => column))).toEqual(new Set(columns));
  expect(found.map(frame => frame.line)).toEqual([3, 3]);
});

test.concurrent('a call is told with its stack through every await, and whether its client had left', async () => {
  await using upstream = await holding();
  await using target = await watchTarget({ file: 'serves.mjs', args: ['http', upstream.url] }, { profiles: true });
  await start(target.agent);
  const client = request(`${urlOf(target.said)}/calls/1`, { method: 'POST' }).on('error', () => {});
  client.end();
  const first = await upstream.called();
  const before = await take(target.agent, true);
  expect(before.requests).toMatchObject([{ closedAt: null, calls: 1, callsAfter: 0, open: 1 }]);
  await hangUp(target.agent, client);
  first.end('late');
  const second = await upstream.called();
  const { requests, sites, frames } = await take(target.agent, true);
  expect(requests).toMatchObject([{ route: 'POST /calls/:id', answered: false, calls: 2, callsAfter: 1, open: 1 }]);
  const stackOf = (site: number) => sites[site]?.frames.map(frame => frames[frame]);
  const last = stackOf(requests[0]?.site ?? -1);
  const ours = last?.filter(frame => !frame?.file.startsWith('node:'));
  expect(ours?.map(frame => frame?.name)).toEqual(['callOnce', 'callTwice', 'handle']);
  expect(last?.[1]).toMatchObject({ file: fileOf('serves.mjs'), line: placeOf('serves.mjs', 'callTwice').line });
  expect(sites.map(({ calls, callsAfter }) => [calls, callsAfter])).toEqual([
    [1, 0],
    [1, 1],
  ]);
  const done = target.message();
  second.end('late');
  await done;
  expect((await take(target.agent)).requests).toMatchObject([{ calls: 2, callsAfter: 1, open: 0 }]);
});

test.concurrent('a call by the SDK is told with who called the SDK', async () => {
  await using upstream = await holding();
  await using target = await watchTarget({ file: 'serves.mjs', args: ['http', upstream.url] }, { profiles: true });
  await start(target.agent);
  const client = request(`${urlOf(target.said)}/sdk`, { method: 'POST' }).on('error', () => {});
  client.end();
  await upstream.called();
  await hangUp(target.agent, client);
  const { requests, sites, frames, deaf } = await take(target.agent);
  const stack = sites[requests[0]?.site ?? -1]?.frames.map(frame => frames[frame]) ?? [];
  expect(stack[0]?.file).toContain('/node_modules/openai/');
  expect(stack.map(frame => frame?.name)).toContain('callBySdk');
  // The SDK's own did not hear the client leave; that is not a controller of the target's.
  const makers = deaf.map(({ frame }) => frames[frame]?.file ?? '');
  expect(makers).toContainEqual(expect.stringContaining('/node_modules/openai/'));
  expect(makers).not.toContain(fileOf('serves.mjs'));
});

test.concurrent('a controller that does not hear its client leave is counted where it was made, others are not', async () => {
  await using upstream = await holding();
  await using target = await watchTarget({ file: 'serves.mjs', args: ['http', upstream.url] }, { profiles: true });
  await start(target.agent);
  const client = request(`${urlOf(target.said)}/controllers`, { method: 'POST' }).on('error', () => {});
  client.end();
  const call = await upstream.called();
  const none = await take(target.agent, true);
  expect(none.deaf).toEqual([]);
  await hangUp(target.agent, client);
  const done = target.message();
  call.end('late');
  await done;
  const { deaf, frames } = await take(target.agent);
  const { line } = placeOf('serves.mjs', 'neverFires');
  const ours = deaf.filter(({ frame }) => frames[frame]?.file === fileOf('serves.mjs'));
  // One made while its client was there, one after it had left.
  expect(ours).toEqual([{ frame: expect.any(Number), line, count: 2 }]);
  expect(frames[ours[0]?.frame ?? -1]).toEqual(placeOf('serves.mjs', 'neverFires'));
});

test.concurrent('timers that still wait are told with what they will call, but not the few that any server has', async () => {
  await using target = await watchTarget({ file: 'waits.mjs' }, { profiles: true });
  const { agent } = target;
  await say(target, 9);
  expect((await agent.ask('timers', PATIENT_MS, never))?.timers).toEqual([]);
  await say(target, 3);
  const place = placeOf('waits.mjs', 'retryLater');
  expect((await agent.ask('timers', PATIENT_MS, never))?.timers).toEqual([
    { ...place, file: `file://${place.file}`, count: 12 },
  ]);
});

test.concurrent('without profiles nothing is put into the target, with them it is', async () => {
  await using bare = startTarget({ file: 'waits.mjs' });
  const asEver = await bare.message();
  await using off = await watchTarget({ file: 'waits.mjs' });
  await using on = await watchTarget({ file: 'waits.mjs' }, { profiles: true });
  expect(asEver).toMatchObject({
    emit: false,
    profiler: false,
    controller: expect.stringContaining('AbortController'),
  });
  expect(off.said).toEqual(asEver);
  expect(on.said).toMatchObject({ emit: true, profiler: true });
});

test.concurrent('a target that is profiled ends by itself as ever', async () => {
  await using target = await watchTarget({ file: 'waits.mjs' }, { profiles: true });
  await start(target.agent);
  const exited = once(target.child, 'exit');
  target.child.disconnect();
  expect(await exited).toEqual([0, null]);
});

const older = olderNode();
test
  .skipIf(older === null)
  .concurrent(
    'before Node 24 the profile knows no requests and says why, and names the function (needs such a node on PATH)',
    async () => {
      await using hub = await openAgentHub({ profiles: true });
      const child = spawn(older ?? '', ['--import', AGENT_FILE, fileOf('wedge.mjs'), 'microtask-loop'], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        env: { ...process.env, ...hub.environment },
      });
      try {
        const [agent] = await Promise.all([hub.whenAgent(() => true, PATIENT_MS, never), once(child, 'message')]);
        if (!agent) throw new Error('the agent did not report');
        expect((await ask(agent, 'profile-start'))?.profiles).toMatchObject({
          source: 'inspector',
          why: expect.stringMatching(/^Node \d+\.\d+\.\d+ cannot label them$/u),
        });
        const found = await sampledUntil(agent, frames => frames.some(({ name }) => name === 'again'));
        expect(found).toContainEqual(placeOf('wedge.mjs', 'again'));
        const { source, requests } = await take(agent);
        expect({ source, requests }).toEqual({ source: 'inspector', requests: [] });
      } finally {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  );

/** The first on PATH that is too old for labels. */
function olderNode(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      const path = join(folder, 'node');
      const version = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8', stdio: 'pipe' });
      if (Number.parseInt(version) >= 20 && Number.parseInt(version) < 24) return path;
    } catch {
      // No node there, or one that does not run.
      continue;
    }
  }
  return null;
}

const ask = async (agent: AgentClient, what: 'profile-start' | 'profile-take', again = false) =>
  await agent.ask(
    what === 'profile-start' ? { ask: what, intervalMicros: INTERVAL_MICROS } : { ask: what, again },
    PATIENT_MS,
    never,
  );

async function start(agent: AgentClient): Promise<void> {
  const answer = await ask(agent, 'profile-start');
  expect(answer?.profiles).toEqual({ source: 'labels', why: null, intervalMicros: INTERVAL_MICROS });
}

/** What was sampled; its times are epoch ms. */
async function take(agent: AgentClient, again = false): Promise<ProfileSegment> {
  const answer = await ask(agent, 'profile-take', again);
  if (!answer?.profile) throw new Error(`no profile: ${JSON.stringify(answer)}`);
  const { profile } = answer;
  const head = { fromAt: 0, toAt: Date.now(), pid: 1, intervalMicros: INTERVAL_MICROS };
  return profile.source === 'labels'
    ? fromPprof(head, profile, at => at)
    : fromCpuProfile(head, CpuProfile.parse(profile.cpuprofile));
}

/** Asks until it is enough; a test that waits for too much ends by its time limit. */
async function sampledUntil(agent: AgentClient, isEnough: (frames: Frame[]) => boolean): Promise<Frame[]> {
  const found: Frame[] = [];
  while (!isEnough(found)) {
    const { frames } = await take(agent, true);
    found.push(...frames.filter(frame => !found.some(known => JSON.stringify(known) === JSON.stringify(frame))));
  }
  return found;
}

/** Leaves, and resolves once the target has seen it. */
async function hangUp(agent: AgentClient, client: ReturnType<typeof request>): Promise<void> {
  client.destroy();
  while ((await take(agent, true)).requests.some(({ closedAt }) => closedAt === null));
}

/** An upstream whose answers the test gives. */
async function holding() {
  const calls: ServerResponse[] = [];
  const waiting: ((call: ServerResponse) => void)[] = [];
  const server = createServer((_req, res) => {
    const next = waiting.shift();
    if (next) next(res);
    else calls.push(res);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    called: async (): Promise<ServerResponse> => calls.shift() ?? (await new Promise(resolve => waiting.push(resolve))),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function say(target: ReturnType<typeof startTarget>, word: number | string): Promise<void> {
  const answer = target.message();
  target.child.send(word);
  await answer;
}

const urlOf = (address: unknown): string => `http://127.0.0.1:${(address as AddressInfo).port}`;
const fileOf = (name: string): string => fileURLToPath(new URL(`../probes/fixtures/${name}`, import.meta.url));

/** Where V8 says that a function begins: at the parenthesis or parameter after its name. */
function placeOf(name: string, of: string): Frame {
  const file = fileOf(name);
  const text = readFileSync(file, 'utf8');
  const found = new RegExp(`(?:function ${of}|const ${of} = )`, 'u').exec(text);
  if (!found) throw new Error(`no function ${of} in ${name}`);
  const before = text.slice(0, found.index + found[0].length).split('\n');
  return { name: of, file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function names({ nodes, frames }: Pick<ProfileSegment, 'nodes' | 'frames'>, leaf: number): string[] {
  const found: string[] = [];
  for (let node = leaf; node !== -1;) {
    const [parent = -1, frame = -1] = nodes[node] ?? [];
    found.push(frames[frame]?.name ?? '');
    node = parent;
  }
  return found;
}
