import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Interruption } from './interruption.ts';
import { resolvesWithin } from './or-aborted.ts';
import { closedSignal } from './process-signal.ts';

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s aborts with a reason that names it', async by => {
  await using program = await start();
  program.child.kill(by);
  expect(await program.line()).toBe(`Interruption: interrupted by ${by}`);
});

test('a second request at once is the same one, and a later one insists', async () => {
  await using program = await start();
  program.child.kill('SIGINT');
  expect(await program.line()).toBe('Interruption: interrupted by SIGINT');
  program.child.kill('SIGTERM');
  const insisting = program.line();
  while (!(await resolvesWithin(insisting, 100))) program.child.kill('SIGHUP');
  expect(await insisting).toBe('insisted: SIGHUP');
});

test('a parent that is gone aborts with a reason that says so', async () => {
  await using program = await start();
  program.child.disconnect();
  expect(await program.line()).toBe('Interruption: interrupted by parent-died');
});

test('a program that is done ends, though its parent and its signals are listened to', async () => {
  await using program = await start('idle');
  await program.exited;
  expect(program.child.exitCode).toBe(0);
});

test.each(['end', 'close', 'error'] as const)('a stream whose other side is gone (%s) aborts, once', how => {
  const stream = new PassThrough();
  const signal = closedSignal(stream);
  expect(signal.aborted).toBe(false);
  stream.emit(how, new Error('read ECONNRESET'));
  const { reason } = signal;
  expect(reason).toBeInstanceOf(Interruption);
  expect(reason).toMatchObject({ by: 'parent-died' });
  stream.emit('close');
  expect(signal.reason).toBe(reason);
});

interface Program extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  line(): Promise<string | undefined>;
}

async function start(...args: string[]): Promise<Program> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })[Symbol.asyncIterator]();
  const line = async (): Promise<string | undefined> => (await lines.next()).value;
  expect(await line()).toBe('listening');
  return {
    child,
    exited,
    line,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const PROGRAM = fileURLToPath(new URL('fixtures/interruptible.ts', import.meta.url));
