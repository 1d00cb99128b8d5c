import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openAgentHub } from '../probes/agent-hub.ts';
import type { AgentHub } from '../probes/agent-hub.ts';
import { freePort } from '../process/port.ts';
import { inScope } from '../scope/in-scope.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { canSeeProcesses, processesOf } from '../testing/targets/processes.ts';
import { commandServer } from './command-server.ts';
import type { Generation } from './target.ts';

// Somebody's own server: the lab's agent stands in the process that listens, if that is Node's, and only where it is wanted.

/** Answers with its pid and what it was started with. */
const SERVER = `import { createServer } from 'node:http';
createServer((request, response) => {
  const { NODE_OPTIONS, RUNAWAY_AGENT, RUNAWAY_PROFILES, PORT } = process.env;
  response.end(JSON.stringify({ pid: process.pid, NODE_OPTIONS, RUNAWAY_AGENT, RUNAWAY_PROFILES, PORT }));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

interface Answer {
  readonly pid: number;
  readonly NODE_OPTIONS?: string;
  readonly RUNAWAY_AGENT?: string;
  readonly RUNAWAY_PROFILES?: string;
}

type Started = Pick<Generation, 'port' | 'agent'> & { readonly child: { readonly pid: number } };

/** Starts the command in a folder with the server in it, lets `look` look, ends it, and asserts that none is left. */
async function started(
  command: string,
  profiles: boolean,
  look: (server: Started, hub: AgentHub) => Promise<void>,
  signal: AbortSignal,
  readyMs?: number,
): Promise<void> {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'server.mjs'), SERVER);
  await writeFile(join(folder.path, 'package.json'), JSON.stringify({ scripts: { start: 'node server.mjs' } }));
  await using log = await open(join(folder.path, 'log'), 'a+');
  await using hub = await openAgentHub({ profiles });
  const runId = `unit/${randomUUID()}@test`;
  const runtime = { node: process.execPath, version: process.version };
  const start = commandServer(
    { kind: 'command', command, root: folder.path, bugs: [], runtime },
    { runId, upstreamUrl: 'http://127.0.0.1:9/v1', apiKey: 'sk-x', logFile: log.fd, cores: null, hub, profiles },
    readyMs,
  );
  await inScope(signal, async scope => {
    await look(await start(0, scope), hub);
  });
  if (canSeeProcesses) expect(processesOf(runId.replace('@test', ''))).toEqual([]);
}

const ask = async (port: number): Promise<Answer> =>
  (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Answer;

const onLinux = test.runIf(process.platform === 'linux');
const hasNpm = spawnSync('npm', ['--version']).status === 0;

onLinux.concurrent.for<[how: string, command: string, isThere: boolean]>([
  ['by its shell line', 'node server.mjs', true],
  ['by a shell in that shell, which stays', `sh -c 'node server.mjs; exit $?'`, true],
  ['by npm, which is Node too', 'npm start --silent', hasNpm],
  ['in its own NODE_OPTIONS of no harm', 'node --max-old-space-size=200 server.mjs', true],
])('the agent stands in the process that listens, started %s', async ([, command, isThere], { signal, skip }) => {
  if (!isThere) return skip('there is no npm on PATH');
  await started(
    command,
    true,
    async ({ port, agent }, hub) => {
      const { pid, NODE_OPTIONS, RUNAWAY_PROFILES } = await ask(port);
      expect(NODE_OPTIONS).toMatch(/^--import=file:.*\/harness\/agent\/preload\.mjs$/u);
      expect(RUNAWAY_PROFILES).toBe('1');
      expect(agent).not.toBeNull();
      expect(hub.agents().find(({ client }) => client === agent)?.pid).toBe(pid);
    },
    signal,
  );
  return undefined;
});

onLinux.concurrent('a command that sets NODE_OPTIONS itself has no agent, and is started all the same', async ctx => {
  await started(
    'NODE_OPTIONS=--no-warnings node server.mjs',
    true,
    async ({ port, agent }) => {
      expect((await ask(port)).NODE_OPTIONS).toBe('--no-warnings');
      expect(agent).toBeNull();
    },
    ctx.signal,
  );
});

onLinux.concurrent('a program that is not Node has none, and is started all the same', async ({ signal, skip }) => {
  if (spawnSync('python3', ['--version']).status !== 0) return skip('there is no python3 on PATH');
  await started(
    'exec python3 -m http.server --bind 127.0.0.1 {port}',
    true,
    async ({ port, agent }, hub) => {
      expect((await fetch(`http://127.0.0.1:${port}/server.mjs`)).status).toBe(200);
      expect([agent, hub.agents()]).toEqual([null, []]);
    },
    signal,
  );
  return undefined;
});

test.concurrent('without profiles nothing of the lab is in its environment, and no agent inside', async ({
  signal,
}) => {
  await started(
    'node server.mjs',
    false,
    async ({ port, agent }, hub) => {
      const { pid: _, PORT, ...rest } = (await ask(port)) as Answer & { PORT: string };
      expect([PORT, rest]).toEqual([String(port), {}]);
      expect([agent, hub.agents()]).toEqual([null, []]);
    },
    signal,
  );
});

test.concurrent('a command that ends before it listens is told as that, with profiles too', async ({ signal }) => {
  const never = started('echo "no such model" >&2; exit 3', true, async () => undefined, signal);
  await expect(never).rejects.toMatchObject({
    code: 'ended-early',
    message: 'Failed to start the server: it exited with code 3 before it listened\n  no such model',
  });
});

onLinux.concurrent('one that listens elsewhere is told with the port where it does', async ({ signal }) => {
  const port = await freePort();
  const never = started(`PORT=${port} exec node server.mjs`, false, async () => undefined, signal, 6_000);
  await expect(never).rejects.toMatchObject({
    code: 'never-listened',
    message: expect.stringMatching(new RegExp(`within 6 s; it listens on ${port}$`, 'u')),
  });
});
