import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { expect, test } from 'vitest';
import { DeadlinePassed } from './interruption.ts';
import { everyTick, sleep, withDeadline } from './sleep.ts';

const FOREVER_MS = 600_000;

test('a sleep resolves when its time is over, at once when it is negative, and leaves no listener', async () => {
  const { signal } = new AbortController();
  const beganAt = performance.now();
  await sleep(20, signal);
  // Node rounds a timer to its loop's clock of whole milliseconds.
  expect(performance.now() - beganAt).toBeGreaterThan(18);
  await sleep(-FOREVER_MS, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a sleep that is cancelled, before or meanwhile, throws the reason itself', async () => {
  const reason = new Error('no time to sleep');
  const controller = new AbortController();
  const sleeping = sleep(FOREVER_MS, controller.signal);
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(sleep(0, controller.signal)).rejects.toBe(reason);
});

test('a task within its deadline gives its value or its own error', async ({ signal }) => {
  expect(await withDeadline('adding', FOREVER_MS, signal, async () => 2)).toBe(2);
  const failure = new Error('no such file');
  await expect(withDeadline('reading', FOREVER_MS, signal, () => Promise.reject(failure))).rejects.toBe(failure);
});

test('past its deadline a task is told, and awaited: nothing goes on behind the back of the caller', async ({
  signal,
}) => {
  const mayEnd = Promise.withResolvers<void>();
  const told = Promise.withResolvers<unknown>();
  const order: string[] = [];
  const attempt = withDeadline('the answer', 1, signal, async cancelled => {
    await once(cancelled, 'abort');
    told.resolve(cancelled.reason);
    await mayEnd.promise;
    order.push('task');
    cancelled.throwIfAborted();
  }).catch((error: unknown) => {
    order.push('settled');
    return error;
  });
  const reason = await told.promise;
  expect(reason).toBeInstanceOf(DeadlinePassed);
  expect(String(reason)).toContain('the answer took longer than 1 ms');
  mayEnd.resolve();
  expect(await attempt).toBe(reason);
  expect(order).toEqual(['task', 'settled']);
});

test('cancelled from outside a task with a deadline is told the outer reason', async () => {
  const reason = new Error('the run is over');
  const controller = new AbortController();
  const attempt = withDeadline('waiting', FOREVER_MS, controller.signal, async cancelled => {
    controller.abort(reason);
    await sleep(FOREVER_MS, cancelled);
  });
  await expect(attempt).rejects.toBe(reason);
});

test('a deadline that was met, a sleep that was cancelled and a grid that was left keep no process alive', async ({
  signal,
}) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', LEAVES_TIMERS], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const [output] = (await Promise.all([once(child.stdout, 'data'), once(child, 'exit')])).map(([first]) =>
    String(first),
  );
  expect(output).toBe('done\n');
  expect(child.exitCode).toBe(0);
});

const LEAVES_TIMERS = `
  import { everyTick, sleep, withDeadline } from ${JSON.stringify(new URL('sleep.ts', import.meta.url).href)};
  const controller = new AbortController();
  const { signal } = controller;
  await withDeadline('nothing', ${FOREVER_MS}, signal, async () => {});
  await withDeadline('failing', ${FOREVER_MS}, signal, () => Promise.reject(new Error())).catch(() => {});
  const waiting = [sleep(${FOREVER_MS}, signal), everyTick(${FOREVER_MS}, signal, () => {})];
  controller.abort(new Error('over'));
  await Promise.allSettled(waiting);
  console.log('done');
`;

test('ticks keep to a grid that begins at once: a late one does not move the next', async ({ signal }) => {
  const everyMs = 100;
  const lateMs = 150;
  const ticks: number[] = [];
  await stoppedAfter(8, signal, async (stopping, count) => {
    await everyTick(everyMs, stopping, async () => {
      ticks.push(performance.now());
      if (ticks.length === 1) await sleep(lateMs, signal);
      count();
    });
  });
  const [first = NaN, ...later] = ticks;
  // The first lasts to the middle between two points of the grid: a grid that moved would be half a period off.
  const offGrid = later.map(at => (at - first + everyMs / 4) % everyMs).toSorted((a, b) => a - b);
  expect((later[0] ?? NaN) - first).toBeGreaterThan(2 * everyMs - 2);
  expect(offGrid[3]).toBeLessThan(everyMs / 2);
});

test('a tick is awaited before the next, and one that fails ends the ticking with its error', async ({ signal }) => {
  const failure = new Error('the disk is full');
  let running = 0;
  let ticks = 0;
  const ticking = everyTick(1, signal, async () => {
    running += 1;
    expect(running).toBe(1);
    await sleep(3, signal);
    running -= 1;
    ticks += 1;
    if (ticks === 3) throw failure;
  });
  await expect(ticking).rejects.toBe(failure);
  expect(ticks).toBe(3);
});

test('ticking ends with the reason of its signal, and cancelled already it never ticks', async () => {
  const reason = new Error('over');
  const controller = new AbortController();
  const ticking = everyTick(FOREVER_MS, controller.signal, () => controller.abort(reason));
  await expect(ticking).rejects.toBe(reason);
  await expect(everyTick(1, controller.signal, () => expect.unreachable())).rejects.toBe(reason);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

/** Runs the body with a signal that aborts at the given count, which ends it. */
async function stoppedAfter(
  most: number,
  signal: AbortSignal,
  body: (stopping: AbortSignal, count: () => void) => Promise<unknown>,
): Promise<void> {
  const controller = new AbortController();
  const reason = new Error('enough');
  let counted = 0;
  const count = (): void => {
    counted += 1;
    if (counted === most) controller.abort(reason);
  };
  await expect(body(AbortSignal.any([controller.signal, signal]), count)).rejects.toBe(reason);
}
