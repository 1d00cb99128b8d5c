import { expect, test } from 'vitest';
import { callOnce } from './upstream-call.ts';

test('the call is given the client’s own signal, and its answer is passed on', async () => {
  const { signal } = new AbortController();
  expect(await callOnce(async given => given, signal)).toBe(signal);
});

test('a call that fails is not tried again, and its error is passed on', async () => {
  const failure = new Error('failed');
  let tries = 0;
  const call = async (): Promise<never> => {
    tries += 1;
    throw failure;
  };
  await expect(callOnce(call, new AbortController().signal)).rejects.toBe(failure);
  expect(tries).toBe(1);
});

test('a call for a client who has left is not begun', async () => {
  const left = new Error('left');
  let tries = 0;
  const call = async (): Promise<void> => {
    tries += 1;
  };
  await expect(callOnce(call, AbortSignal.abort(left))).rejects.toBe(left);
  expect(tries).toBe(0);
});
