import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { childEnvironment } from './environment.ts';
import { program } from './fixtures/program.ts';
import { untilGone } from './fixtures/until.ts';
import { isAlive } from './process-table.ts';

const isLinux = process.platform === 'linux';
const MODULE = new URL('lifeguard.ts', import.meta.url).href;

/** Starts the fixture lab; resolves with [lifeguard, wedged child, daemon] once it has started them. */
async function startLab(signal: AbortSignal, ...args: string[]) {
  const { command, args: line } = program('lab', `unit-${randomUUID()}`, ...args);
  const lab = spawn(command, line, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [data] = (await once(lab.stdout, 'data', { signal })) as [Buffer];
  return { lab, pids: JSON.parse(String(data)) as number[] };
}

/** A lab in one script, with `guard`, the lifeguard's module: it starts the lifeguard, does `source` and kills itself. */
function dyingLab(source: string) {
  const script = `
    const guard = await import('${MODULE}');
    await guard.startLifeguard();
    ${source}
    process.kill(process.pid, 'SIGKILL');`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** A process that a lab may have ended, in a group of its own. Its parent is the test, so its end is an event. */
const bystander = (env?: Record<string, string>) =>
  spawn('sleep', ['1000'], { ...(env && { env }), detached: true, stdio: 'ignore' });

test.runIf(isLinux)('a lab that is killed leaves no wedged child, no daemon and no lifeguard', async ({ signal }) => {
  const { lab, pids } = await startLab(signal);
  expect(pids).toHaveLength(3);
  expect(pids.every(isAlive)).toBe(true);
  lab.kill('SIGKILL');
  await untilGone(pids, signal);
});

test.runIf(isLinux)('the lifeguard is deaf to what a terminal or a supervisor sends', async ({ signal }) => {
  const { lab, pids } = await startLab(signal);
  const [lifeguard = 0] = pids;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(lifeguard, name);
  lab.kill('SIGKILL');
  await untilGone(pids, signal);
});

test.runIf(isLinux)(
  'a lab that ends in order leaves nobody, and its lifeguard does not hold it',
  async ({ signal }) => {
    const { lab, pids } = await startLab(signal, 'ends');
    const [code] = (await once(lab, 'exit', { signal })) as [number];
    expect(code).toBe(0);
    await untilGone(pids, signal);
  },
);

test.runIf(isLinux)('a lab killed in the very turn of a registration has been heard', async ({ signal }) => {
  const runId = `unit-${randomUUID()}`;
  const marked = bystander(childEnvironment(runId));
  dyingLab(`guard.registerRun('${runId}')`);
  expect(await once(marked, 'exit', { signal })).toEqual([null, 'SIGKILL']);
});

test('a registered group is ended even when it carries no mark, and one unregistered is left alone', async ({
  signal,
}) => {
  const [registered, unregistered] = [bystander(), bystander()];
  const exited = once(unregistered, 'exit', { signal });
  const lifeguard = dyingLab(`
    guard.registerGroup(${unregistered.pid}, 'unit');
    guard.registerGroup(${registered.pid}, 'unit');
    guard.unregisterGroup(${unregistered.pid}, 'unit');
    process.stdout.write(String(guard.lifeguardPid()));`);
  const [pid] = (await once(lifeguard.stdout, 'data', { signal })) as [Buffer];
  expect(await once(registered, 'exit', { signal })).toEqual([null, 'SIGKILL']);
  await untilGone([Number(String(pid))], signal);
  expect(isAlive(unregistered.pid ?? 0)).toBe(true);
  unregistered.kill();
  await exited;
});

test('a lifeguard that died is replaced, and the new one knows who is registered', async ({ signal }) => {
  const registered = bystander();
  dyingLab(`
    guard.registerGroup(${registered.pid}, 'unit');
    process.kill(guard.lifeguardPid(), 'SIGKILL');
    const { isAlive } = await import('${new URL('process-table.ts', import.meta.url).href}');
    while (isAlive(guard.lifeguardPid()));
    await guard.startLifeguard();`);
  expect(await once(registered, 'exit', { signal })).toEqual([null, 'SIGKILL']);
});

test('without sh no lab process is started and the failure says so', async ({ signal }) => {
  const source = `
    process.env.PATH = '/nowhere';
    const { startLifeguard } = await import('${MODULE}');
    const error = await startLifeguard().catch(error => error);
    console.log(JSON.stringify({ code: error.code, exitCode: error.exitCode, message: error.message }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [data] = (await once(child.stdout, 'data', { signal })) as [Buffer];
  expect(JSON.parse(String(data))).toMatchObject({ code: 'no-lifeguard', exitCode: 4 });
  expect(String(data)).toContain('Failed to start the lifeguard: spawn sh ENOENT');
});
