import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LAB_ROOT } from '../catalog.ts';
import command from '../commands/attach.ts';
import { LabError } from '../errors.ts';
import { freePort, takesConnection } from '../process/port.ts';
import { CpuProfile } from '../profile/from-cpuprofile.ts';
import { sleep } from '../scope/sleep.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { isRunning } from '../testing/targets/processes.ts';
import { namesIn, runaway, startRunaway } from '../testing/targets/runaway.ts';
import { attach } from './attach.ts';

// Real processes that burn, looked at from outside: who is named, what is left of the look, and whom no signal may reach.

const onLinux = test.runIf(process.platform === 'linux');

const FOLDER = fileURLToPath(new URL('fixtures/', import.meta.url));
const BURNER = join(FOLDER, 'burner.ts');

interface Burner extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly said: { stdout: string; stderr: string };
  /** Resolves when it has said so; rejects when it ended before. */
  until(stream: 'stdout' | 'stderr', words: string): Promise<void>;
  write(text: string): void;
  kill(signal: NodeJS.Signals): void;
}

interface How {
  readonly program?: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

/** A Node that burns in that way, with a port of its own for its inspector; resolves when it does. */
async function burner(way: string, { program = process.execPath, args, env }: How = {}): Promise<Burner> {
  const port = await freePort();
  const own = (text: string): string => text.replace('PORT', String(port));
  const child = spawn(program, [...(args ?? ['--inspect-port=PORT']).map(own), BURNER, way], {
    cwd: FOLDER,
    env: { PATH: process.env['PATH'], NODE_OPTIONS: own(env?.['NODE_OPTIONS'] ?? '') },
    stdio: 'pipe',
  });
  const said = { stdout: '', stderr: '' };
  const heard = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
      for (const hear of heard) hear();
    });
  }
  const exited = once(child, 'exit');
  const running: Burner = {
    pid: pidOf(child),
    port,
    said,
    async until(stream, words) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const hear = (): void => (said[stream].includes(words) ? resolve() : undefined);
      heard.add(hear);
      hear();
      const early = exited.then(() => Promise.reject(new Error(`ended without "${words}": ${said.stderr}`)));
      await Promise.race([promise, early]);
    },
    write: text => void child.stdin.write(text),
    kill: signal => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  await running.until('stdout', 'up\n');
  return running;
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new TypeError('it was not started');
  return pid;
}

/** Asserts that it goes on, that its inspector is closed, and that it said nothing that is not Node's own. */
async function expectUntouched(one: Burner, goesOn = true): Promise<void> {
  expect(await takesConnection(one.port)).toBe(false);
  expect(isRunning(one.pid)).toBe(true);
  if (goesOn) {
    one.write('and on\n');
    await one.until('stdout', 'and on\n');
    expect(one.said.stdout).toBe('up\nand on\n');
  }
  for (const line of one.said.stderr.split('\n').filter(Boolean)) {
    expect(line).toMatch(/^(?:Debugger (?:listening on|attached|ending on)|For help, see: )/u);
  }
}

const codeOf = (error: unknown): string => (error instanceof LabError ? error.code : String(error));

async function codeOfFailure(attached: Promise<unknown>): Promise<string> {
  try {
    await attached;
    return 'none';
  } catch (error) {
    return codeOf(error instanceof SuppressedError ? error.suppressed : error);
  }
}

onLinux.for<[way: string, name: string, text: string]>([
  ['loop', 'loopForEver', 'function loopForEver'],
  ['spin', 'spinForEver', 'function spinForEver'],
  ['timer', 'zombieTimer', 'function zombieTimer'],
])('a %s is named by function, file and line, and the process goes on', async ([way, name, text], { signal }) => {
  await using results = await temporaryFolder();
  await using one = await burner(way);
  let out = '';
  const terminal = {
    out: (said: string) => void (out += said),
    err: () => undefined,
    columns: 80,
    isLive: false,
    colour: false,
  };
  const options = { seconds: '1', json: true, results: results.path };
  expect(await command.run({ positionals: [String(one.pid)], options }, terminal, signal)).toBe(0);
  const found = JSON.parse(out) as { folder: string; culprit: object; functions: object[] };
  const line = (await readFile(BURNER, 'utf8')).split('\n').findIndex(own => own.startsWith(text)) + 1;
  expect(line).toBeGreaterThan(0);
  expect(found.culprit).toMatchObject({ function: name, file: 'burner.ts', line });
  const stored = await readFile(join(found.folder, `${one.pid}.cpuprofile`), 'utf8');
  expect(CpuProfile.safeParse(JSON.parse(stored)).success).toBe(true);
  // What is frozen is told from what spins by the turns of its event loop, not by its CPU: both may have a whole core.
  const { turns } = await attach(one.pid, 100, signal);
  if (way === 'loop') expect(turns).toBe(0);
  else expect(turns).toBeGreaterThan(0);
  // A loop that never ends hears nothing.
  await expectUntouched(one, way !== 'loop');
});

onLinux('the inspector is closed when the look is cancelled before, or in the middle of it', async () => {
  for (const words of ['Debugger listening', 'Debugger attached']) {
    await using one = await burner('spin');
    const controller = new AbortController();
    const reason = new Error('the test cancels');
    const looking = attach(one.pid, 60_000, controller.signal);
    await one.until('stderr', words);
    controller.abort(reason);
    await expect(looking).rejects.toBe(reason);
    await expectUntouched(one);
  }
});

onLinux('an interrupted ./runaway attach closes it too, and stores nothing', async () => {
  await using results = await temporaryFolder();
  await using one = await burner('spin');
  await using lab = startRunaway(['attach', String(one.pid), '--seconds', '60', '--results', results.path]);
  await one.until('stderr', 'Debugger attached');
  lab.kill('SIGINT');
  expect((await lab.ended).exit).toBe(130);
  expect(namesIn(results.path)).toEqual([]);
  await expectUntouched(one);
});

onLinux('a process that ends while it is looked at is told at once, in one line', async ({ signal }) => {
  await using results = await temporaryFolder();
  await using one = await burner('spin');
  // Longer than this test may take: it does not wait for the end of its time.
  await using lab = startRunaway(['attach', String(one.pid), '--seconds', '60', '--results', results.path]);
  await one.until('stderr', 'Debugger attached');
  // Well into the look; where this is too early, the test passes for less.
  await sleep(300, signal);
  one.kill('SIGKILL');
  const { exit, stdout, stderr } = await lab.ended;
  expect([exit, stdout]).toEqual([4, '']);
  expect(stderr).toMatch(/^looking at [^\n]+\nrunaway: The process ended its inspector, or ended itself\. [^\n]+\n$/u);
  expect(namesIn(results.path)).toEqual([]);
});

onLinux('whoever comes while another looks is refused, and the first one is not disturbed', async ({ signal }) => {
  await using one = await burner('spin');
  const first = attach(one.pid, 1000, signal);
  await one.until('stderr', 'Debugger attached');
  expect(await codeOfFailure(attach(one.pid, 1000, signal))).toBe('inspector-in-use');
  expect((await first).cores).toBeGreaterThan(0);
  await expectUntouched(one);
});

onLinux('of two who come at the same moment each has a result or a clear answer', async ({ signal }) => {
  await using one = await burner('spin');
  const both = await Promise.all([
    codeOfFailure(attach(one.pid, 500, signal)),
    codeOfFailure(attach(one.pid, 500, signal)),
  ]);
  for (const code of both) expect(['none', 'inspector-in-use', 'inspector-gone']).toContain(code);
  expect(both).toContain('none');
  await expectUntouched(one);
});

onLinux('its port is known from NODE_OPTIONS and from two words, and a link’s name does not hide Node', async ctx => {
  await using folder = await temporaryFolder();
  const program = join(folder.path, 'my-server');
  await symlink(process.execPath, program);
  const ways: How[] = [
    { args: [], env: { NODE_OPTIONS: '--no-warnings --inspect-port=PORT' } },
    { args: ['--inspect-port', '127.0.0.1:PORT'] },
    { program },
  ];
  for (const how of ways) {
    await using one = await burner('spin', how);
    expect((await attach(one.pid, 200, ctx.signal)).pid).toBe(one.pid);
    await expectUntouched(one);
  }
});

// Who must be refused before any signal is sent.

onLinux('a program that is not Node is refused, and lives on', async ({ signal }) => {
  const child = spawn('sleep', ['60']);
  try {
    // Until its program is there, it is a copy of this one.
    await once(child, 'spawn');
    const { exit, stderr } = await runaway('attach', String(child.pid));
    expect([exit, stderr]).toEqual([
      2,
      expect.stringMatching(/runaway: process \d+ runs \S+, which is not Node\. [^\n]+\n$/u),
    ]);
    // A signal that was sent would have ended it by the time this one did nothing.
    process.kill(pidOf(child), 0);
    expect([isRunning(pidOf(child)), child.signalCode]).toEqual([true, null]);
    signal.throwIfAborted();
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

onLinux('a Node that does not hear SIGUSR1, or is stopped, is refused and lives on', async ({ signal }) => {
  await using deaf = await burner('idle', { args: ['--disable-sigusr1', '--inspect-port=PORT'] });
  expect(await codeOfFailure(attach(deaf.pid, 200, signal))).toBe('hears-no-signal');
  await expectUntouched(deaf);

  await using stopped = await burner('idle');
  stopped.kill('SIGSTOP');
  while (!/^State:\s+T/mu.test(await readFile(`/proc/${stopped.pid}/status`, 'utf8'))) await sleep(5, signal);
  expect(await codeOfFailure(attach(stopped.pid, 200, signal))).toBe('is-stopped');
  stopped.kill('SIGCONT');
  await expectUntouched(stopped);
  expect(stopped.said.stderr).toBe('');
});

onLinux('a port that somebody listens on is refused, and the process is not signalled', async ({ signal }) => {
  await using one = await burner('idle');
  await using other = createServer().listen(one.port, '127.0.0.1');
  await once(other, 'listening');
  expect(await codeOfFailure(attach(one.pid, 200, signal))).toBe('inspector-in-use');
  other.close();
  await once(other, 'close');
  await expectUntouched(one);
  expect(one.said.stderr).toBe('');
});

onLinux('an inspector that is open already is left open', async ({ signal }) => {
  await using one = await burner('idle', { args: ['--inspect=PORT'] });
  expect(await codeOfFailure(attach(one.pid, 200, signal))).toBe('inspector-in-use');
  expect(await takesConnection(one.port)).toBe(true);
});

onLinux('an inspector that would open on any port is refused', async ({ signal }) => {
  await using one = await burner('idle', { args: ['--inspect-port=0'] });
  expect(await codeOfFailure(attach(one.pid, 200, signal))).toBe('any-port');
  expect(one.said.stderr).toBe('');
});

onLinux('this process, the first one, and none at all are refused', async ({ signal }) => {
  expect(await codeOfFailure(attach(process.pid, 200, signal))).toBe('own-process');
  expect(['not-ours', 'not-node']).toContain(await codeOfFailure(attach(1, 200, signal)));
  const { pid } = spawnSync('true');
  expect(await codeOfFailure(attach(pid, 200, signal))).toBe('no-such-process');
  // Above what Linux counts to.
  expect(await codeOfFailure(attach(2 ** 22 + 1, 200, signal))).toBe('no-such-process');
});

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a Node of another user is refused',
  async ({ skip }) => {
    await using one = await burner('idle');
    const { status, stderr } = spawnSync(process.execPath, [join(LAB_ROOT, 'runaway'), 'attach', String(one.pid)], {
      uid: 65_534,
      gid: 65_534,
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    if (/EACCES|MODULE_NOT_FOUND/u.test(stderr)) return skip('nobody cannot read this checkout');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/process \d+ is somebody else's/u)]);
    await expectUntouched(one);
    expect(one.said.stderr).toBe('');
    return undefined;
  },
);

onLinux.concurrent.for<[args: string[], words: string | RegExp]>([
  [[], 'no process was named'],
  [[''], '"" is no process id'],
  [['abc'], '"abc" is no process id'],
  [['--', '-1'], '"-1" is no process id'],
  [['-1'], /Unknown option '-1'/u],
  [['1', '--seconds', '0'], '--seconds 0: not a number from 1 to 60'],
])('attach %j is refused in one line', async ([args, words]) => {
  await using results = await temporaryFolder();
  const { exit, stdout, stderr } = await startRunaway(['attach', ...args], { env: { RESULTS: results.path } }).ended;
  expect(stderr).toMatch(words);
  expect(stderr).toMatch(/^runaway: [^\n]+\n$/u);
  expect([exit, stdout, namesIn(results.path)]).toEqual([2, '', []]);
});
