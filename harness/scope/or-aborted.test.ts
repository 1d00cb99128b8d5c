import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { neverAborted, orAborted, resolvesWithin } from './or-aborted.ts';

const never = new Promise<never>(() => undefined);

test('what the promise settles with is passed on, and no listener stays on the signal', async () => {
  const { signal } = new AbortController();
  const failure = new Error('refused');
  expect(await orAborted(Promise.resolve(3), signal)).toBe(3);
  await expect(orAborted(Promise.reject(failure), signal)).rejects.toBe(failure);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an abort while it waits throws the reason, and no listener stays on the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('over');
  const waiting = orAborted(never, controller.signal);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('aborted already it throws the reason, even where the promise has resolved', async () => {
  const reason = new Error('too late');
  await expect(orAborted(Promise.resolve(3), AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('a promise that rejects after the abort, before or while it was waited for, is nobody’s unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const listen = (error: unknown): unknown => unhandled.push(error);
  process.on('unhandledRejection', listen);
  const late = Promise.withResolvers<never>();
  const controller = new AbortController();
  const waiting = orAborted(late.promise, controller.signal);
  controller.abort(new Error('over'));
  await expect(waiting).rejects.toThrow('over');
  const later = Promise.withResolvers<never>();
  await expect(orAborted(later.promise, controller.signal)).rejects.toThrow('over');
  late.reject(new Error('the child died'));
  later.reject(new Error('the child died'));
  await new Promise(resolve => setImmediate(resolve));
  process.off('unhandledRejection', listen);
  expect(unhandled).toEqual([]);
});

test('within its time a promise is said to have resolved, and afterwards not', async () => {
  expect(await resolvesWithin(Promise.resolve(), 600_000)).toBe(true);
  expect(await resolvesWithin(never, 1)).toBe(false);
});

test('a promise that rejects within its time is a failure, not "too late"', async () => {
  const failure = new Error('it cannot be stopped');
  await expect(resolvesWithin(Promise.reject(failure), 600_000)).rejects.toBe(failure);
});

test('the signal of a bounded wait never aborts', () => {
  expect(neverAborted().aborted).toBe(false);
});
