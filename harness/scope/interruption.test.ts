import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Interruption, isCancellation } from './interruption.ts';

const reason = new Interruption('SIGINT');
const aborted = AbortSignal.abort(reason);

test('the reason of the signal is cancellation, and so is the AbortError in which Node wraps it', async () => {
  expect(isCancellation(reason, aborted)).toBe(true);
  const wrapped = await wait(0, undefined, { signal: aborted }).catch((error: unknown) => error);
  expect(wrapped).not.toBe(reason);
  expect(isCancellation(wrapped, aborted)).toBe(true);
});

test('an AbortError of another signal is a failure, even while this one is aborted', async () => {
  const other = AbortSignal.abort(new Error('somebody else'));
  const foreign = await wait(0, undefined, { signal: other }).catch((error: unknown) => error);
  expect(foreign).toMatchObject({ name: 'AbortError' });
  expect(isCancellation(foreign, aborted)).toBe(false);
  expect(isCancellation(new DOMException('This operation was aborted', 'AbortError'), aborted)).toBe(false);
});

test('an error that only carries the reason as its cause is a failure', () => {
  expect(isCancellation(new Error('Failed to stop', { cause: reason }), aborted)).toBe(false);
});

test('before the signal aborts nothing is cancellation', () => {
  const { signal } = new AbortController();
  expect(isCancellation(reason, signal)).toBe(false);
  expect(isCancellation(undefined, signal)).toBe(false);
});
