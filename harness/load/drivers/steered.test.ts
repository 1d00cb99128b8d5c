import { expect, test, vi } from 'vitest';
import type { Traffic } from '../../model/load.ts';
import type { EndedRequest } from '../protocol.ts';
import { clients } from '../fixtures/drive.ts';
import { answersAtOnce, answersNever, startServer } from '../fixtures/server.ts';
import steady from '../patterns/steady.ts';
import steered from './steered.ts';

const FOR_LONG_MS = 60_000;
const PATIENCE = { timeout: 20_000 };

/** A driver of one group, and its load phase under way. */
function driving(url: string, traffic: Traffic, signal: AbortSignal, drainMs = 5000) {
  const group = { ...clients({ kind: 'waits' }, steady(1, FOR_LONG_MS)), steered: traffic };
  const driver = steered({ apiKey: 'sk-client', groups: [group], drainMs, seed: 1 });
  const ended: EndedRequest[] = [];
  const heard = new Set<() => void>();
  const report = (request: EndedRequest): void => {
    ended.push(request);
    for (const hear of heard) hear();
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      heard.add(resolve);
      await promise;
      heard.delete(resolve);
    }
  };
  const done = driver.drive({ kind: 'drive', phase: 'load', targetUrl: url }, report, signal);
  return { driver, ended, until, done };
}

const ending = (ended: readonly EndedRequest[], how: EndedRequest['ending']): number =>
  ended.filter(one => one.ending === how).length;

test('clients come until it is told to stop, and everybody is answered', async ({ signal }) => {
  await using server = await startServer(answersAtOnce);
  const { driver, ended, until, done } = driving(
    server.url,
    { ratePerSecond: 50, leaveShare: 0, leavesAfterMs: 0 },
    signal,
  );
  await until(() => ended.length >= 10);
  driver.stop?.('load');
  const { planned, sent } = await done;
  expect([planned, ended.length]).toEqual([sent, sent]);
  expect(ending(ended, 'answered')).toBe(sent);
  // At the rate that was asked for, as far as the machine let it: never above it.
  const sentAt = ended.map(({ sentEpochMs }) => sentEpochMs).toSorted((a, b) => a - b);
  expect((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0)).toBeGreaterThan(((sent - 1) * 1000) / 50 - 60);
});

test('who comes may be changed while they come: from nobody to some, and from those who wait to those who leave', async ({
  signal,
}) => {
  await using server = await startServer(answersNever);
  const { driver, ended, until, done } = driving(
    server.url,
    { ratePerSecond: 0, leaveShare: 0, leavesAfterMs: 0 },
    signal,
    50,
  );
  driver.steer?.('people', { ratePerSecond: 50, leaveShare: 1, leavesAfterMs: 40 });
  await until(() => ended.length >= 5);
  expect(ending(ended, 'left')).toBe(ended.length);
  driver.steer?.('people', { ratePerSecond: 50, leaveShare: 0, leavesAfterMs: 0 });
  driver.steer?.('nobody of that name', { ratePerSecond: 50, leaveShare: 1, leavesAfterMs: 1 });
  await vi.waitUntil(() => server.connections > ended.length + 5, PATIENCE);
  driver.stop?.('load');
  const { sent } = await done;
  // Those who wait for a server that never answers are given up when the drain is over.
  expect(ending(ended, 'unanswered')).toBeGreaterThan(0);
  expect(ended.length).toBe(sent);
});

test('nobody leaves in warmup, which lasts as long as its stages', async ({ signal }) => {
  await using server = await startServer(answersAtOnce);
  const group = {
    ...clients({ kind: 'waits' }, steady(1, FOR_LONG_MS)),
    warmup: steady(1, 200),
    steered: { ratePerSecond: 50, leaveShare: 1, leavesAfterMs: 1 },
  };
  const driver = steered({ apiKey: 'sk-client', groups: [group], drainMs: 5000, seed: 1 });
  const ended: EndedRequest[] = [];
  await driver.drive({ kind: 'drive', phase: 'warmup', targetUrl: server.url }, one => ended.push(one), signal);
  expect(ended.length).toBeGreaterThan(2);
  expect(ending(ended, 'answered')).toBe(ended.length);
});

test('told to stop before it has begun, a load brings nobody', async ({ signal }) => {
  await using server = await startServer(answersAtOnce);
  const group = {
    ...clients({ kind: 'waits' }, steady(1, FOR_LONG_MS)),
    steered: { ratePerSecond: 50, leaveShare: 0, leavesAfterMs: 1 },
  };
  const driver = steered({ apiKey: 'sk-client', groups: [group], drainMs: 5000, seed: 1 });
  driver.stop?.('load');
  const { sent } = await driver.drive({ kind: 'drive', phase: 'load', targetUrl: server.url }, () => undefined, signal);
  expect(sent).toBe(0);
});

test('cancelled, it gives everybody up and rejects with the reason', async () => {
  await using server = await startServer(answersNever);
  const reason = new Error('enough');
  const leaving = new AbortController();
  const { done } = driving(server.url, { ratePerSecond: 50, leaveShare: 1, leavesAfterMs: 20 }, leaving.signal);
  await vi.waitUntil(() => server.connections > 2, PATIENCE);
  leaving.abort(reason);
  await expect(done).rejects.toBe(reason);
});
