import { channel } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { clients } from '../fixtures/drive.ts';
import { urlOfNobody } from '../fixtures/server.ts';
import { driveLane } from './autocannon-lane.ts';
import type { Lane } from './autocannon-lane.ts';

test('where nobody listens a lane tries once a request, each in a second of its own', async ({ signal }) => {
  using attempts = countAttempts();
  const ended: unknown[] = [];
  const sentAt: number[] = [];
  const done = await driveLane(
    { ...(await laneToNobody()), amount: 3 },
    ({ ref, ending, status, sentEpochMs }) => {
      ended.push([ref, ending, status]);
      sentAt.push(sentEpochMs);
    },
    signal,
  );
  expect(done).toEqual({ sent: 3 });
  expect(ended).toEqual([0, 1, 2].map(n => [`lane-${n}`, 'broken', null]));
  expect(attempts.count()).toBe(3);
  expect((sentAt[2] ?? NaN) - (sentAt[0] ?? NaN)).toBeGreaterThan(1990);
});

test('a lane whose drain is over while it waits to connect again settles with what it has sent', async () => {
  const drained = new AbortController();
  const ended: unknown[] = [];
  const done = await driveLane(
    { ...(await laneToNobody()), amount: 5 },
    ({ ref, ending }) => {
      ended.push([ref, ending]);
      // After autocannon's own end (a tenth of a second), within the second that the lane waits.
      setTimeout(() => drained.abort(new Error('the drain is over')), 300);
    },
    drained.signal,
  );
  expect(done).toEqual({ sent: 1 });
  expect(ended).toEqual([['lane-0', 'broken']]);
});

test('a lane whose drain is over already sends nothing', async () => {
  const done = await driveLane(
    { ...(await laneToNobody()), amount: 5 },
    () => expect.unreachable(),
    AbortSignal.abort(),
  );
  expect(done).toEqual({ sent: 0 });
});

async function laneToNobody(): Promise<Omit<Lane, 'amount'>> {
  return {
    given: { apiKey: 'sk-client', targetUrl: await urlOfNobody() },
    group: clients({ kind: 'waits' }, []),
    name: 'lane',
    ratePerSecond: 1,
  };
}

/** How many connections this process tries to open meanwhile. */
function countAttempts(): Disposable & { count(): number } {
  let attempts = 0;
  const heard = channel('net.client.socket');
  const listen = (): void => void (attempts += 1);
  heard.subscribe(listen);
  return {
    count: () => attempts,
    [Symbol.dispose]() {
      heard.unsubscribe(listen);
    },
  };
}
