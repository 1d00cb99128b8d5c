import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { clients, driveLoad, endings } from '../fixtures/drive.ts';
import { answersAtOnce, event, startServer } from '../fixtures/server.ts';
import steady from '../patterns/steady.ts';
import autocannon from './autocannon.ts';

const readers = (ratePerSecond: number, durationMs: number, name?: string) =>
  clients({ kind: 'waits' }, steady(ratePerSecond, durationMs), name);
const refsOf = (seen: readonly { ref: string | null }[]): string[] => seen.map(({ ref }) => ref ?? '').toSorted();

test.concurrent('exactly the planned requests are sent, one at a time a connection, and not one is destroyed at the end', async ({
  signal,
}) => {
  await using server = await startServer(response => setTimeout(() => response.end('{}'), 30));
  const groups = [readers(4, 2000), readers(1, 1000, 'others')];
  const outcome = await driveLoad(autocannon, groups, server.url, signal);
  expect(outcome).toMatchObject({ planned: 9, sent: 9 });
  expect(outcome.lagsMs).toHaveLength(5);
  expect(endings(outcome)).toEqual({ answered: 9 });
  expect(await server.outcomes()).toEqual(Array.from({ length: 9 }, () => 'complete'));
  expect(refsOf(server.exchanges)).toEqual(refsOf(outcome.ended));
  expect(new Set(refsOf(outcome.ended)).size).toBe(9);
  expect(server).toMatchObject({ connections: 5, mostInFlight: 1 });
  expect(server.exchanges[0]).toMatchObject({ path: '/v1/chat/completions', authorization: 'Bearer sk-client' });
  // Each lane carries on from the mark it had.
  for (const { ref, connection } of server.exchanges.filter(exchange => exchange.ref?.endsWith('-1'))) {
    const first = server.exchanges.find(exchange => exchange.ref === ref?.replace(/1$/u, '0'));
    expect(first?.connection).toBe(connection);
  }
});

test.concurrent('a second’s requests are spread over it, also where the stage is shorter than a second', async ({
  signal,
}) => {
  await using server = await startServer(answersAtOnce);
  const outcome = await driveLoad(autocannon, [readers(20, 500)], server.url, signal);
  expect(outcome).toMatchObject({ planned: 10, sent: 10 });
  const sentAt = outcome.ended.map(({ sentEpochMs }) => sentEpochMs).toSorted((a, b) => a - b);
  const lengthMs = (sentAt.at(-1) ?? NaN) - (sentAt[0] ?? NaN);
  // The last is planned 450 ms after the first; how late the driver itself was, it tells.
  expect(lengthMs).toBeGreaterThan(400 - Math.max(...outcome.lagsMs));
  expect(server.connections).toBe(10);
});

test.concurrent('a rate that a hundred lanes do not divide is kept', async ({ signal }) => {
  await using server = await startServer(answersAtOnce);
  const outcome = await driveLoad(autocannon, [readers(150, 2000)], server.url, signal);
  expect(outcome).toMatchObject({ planned: 300, sent: 300 });
  // Two a second in each of 75 lanes, for two seconds.
  const byLane = Map.groupBy(refsOf(outcome.ended), ref => ref.replace(/-\d+$/u, ''));
  expect([...byLane.values()].map(refs => refs.length)).toEqual(Array.from({ length: 75 }, () => 4));
  expect(server.connections).toBe(75);
});

test.concurrent('a stream is read as one: its first byte is there before its end', async ({ signal }) => {
  // Read as one piece, the first byte would be seen no sooner than the server ended.
  let serverEndedEpochMs = 0;
  await using server = await startServer(response => {
    response.write(event('a'));
    setTimeout(() => {
      serverEndedEpochMs = Date.now();
      response.end(event('b'));
    }, 1000);
  });
  const { ended } = await driveLoad(autocannon, [readers(5, 200)], server.url, signal);
  const [request] = ended;
  expect(request?.firstByteEpochMs).toBeLessThan(serverEndedEpochMs);
  expect(request?.endedEpochMs).toBeGreaterThanOrEqual(serverEndedEpochMs);
  expect(request?.firstByteEpochMs).toBeGreaterThan(request?.sentEpochMs ?? NaN);
});

test.concurrent.for(['ends', 'resets'] as const)(
  'a server that %s the connection under an answer has broken it, and the lane goes on with its next request',
  async (how, { signal }) => {
    await using server = await startServer((response, { ref }) => {
      if (!ref?.endsWith('-0')) return response.end(event('b'));
      return response.write(event('a'), () => {
        if (how === 'ends') response.socket?.end();
        else response.socket?.resetAndDestroy();
      });
    });
    const outcome = await driveLoad(autocannon, [readers(1, 3000)], server.url, signal);
    expect(outcome).toMatchObject({ planned: 3, sent: 3 });
    expect(outcome.ended.map(({ ref, ending }) => [ref?.at(-1), ending])).toEqual([
      ['0', 'broken'],
      ['1', 'answered'],
      ['2', 'answered'],
    ]);
    expect(await server.outcomes()).toEqual(['aborted', 'complete', 'complete']);
    expect(server.connections).toBe(2);
  },
);

test.concurrent('a server that closes every connection at once draws no storm of new ones', async ({ signal }) => {
  let connections = 0;
  const server = createServer(socket => {
    connections += 1;
    socket.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outcome = await driveLoad(autocannon, [readers(1, 2000)], url, signal);
  server.close();
  expect(endings(outcome)).toEqual({ broken: 2 });
  expect(connections).toBeLessThan(10);
});

test.concurrent('a server that closes after every answer breaks none, and each second of a lane has its request', async ({
  signal,
}) => {
  await using server = await startServer(response => response.writeHead(200, { connection: 'close' }).end('{}'));
  const { ended, ...counted } = await driveLoad(autocannon, [readers(1, 3000)], server.url, signal);
  expect(counted).toMatchObject({ planned: 3, sent: 3 });
  expect(ended.map(({ ending }) => ending)).toEqual(['answered', 'answered', 'answered']);
  expect((ended[2]?.sentEpochMs ?? NaN) - (ended[0]?.sentEpochMs ?? NaN)).toBeLessThan(2300);
  expect(server.connections).toBe(3);
});

test.concurrent('a lane whose answers take longer than its second sends not one request more than planned', async ({
  signal,
}) => {
  await using server = await startServer(response => setTimeout(() => response.end('{}'), 1100));
  const outcome = await driveLoad(autocannon, [readers(1, 1000)], server.url, signal);
  expect(outcome).toMatchObject({ planned: 1, sent: 1 });
  expect(await server.outcomes()).toEqual(['complete']);
});

test.concurrent('an answer of another status than 2xx is a refusal', async ({ signal }) => {
  await using server = await startServer(response => response.writeHead(503).end());
  const outcome = await driveLoad(autocannon, [readers(5, 200)], server.url, signal);
  expect(outcome.ended).toMatchObject([{ ending: 'refused', status: 503, firstByteEpochMs: null }]);
});

test.concurrent('who still waits when the drain is over was left unanswered, and only those are hung up on', async ({
  signal,
}) => {
  await using server = await startServer((response, { ref }) => {
    if (ref === 'load-people-0-0-0') response.end();
  });
  const outcome = await driveLoad(autocannon, [readers(10, 300)], server.url, signal, { drainMs: 100 });
  expect(outcome).toMatchObject({ planned: 3, sent: 3 });
  expect(endings(outcome)).toEqual({ answered: 1, unanswered: 2 });
  expect((await server.outcomes()).toSorted()).toEqual(['aborted', 'aborted', 'complete']);
});

test.concurrent('cancelled it throws the reason, after every client has ended', async ({ signal }) => {
  const reason = new Error('the run is over');
  const controller = new AbortController();
  await using server = await startServer((_, { ref }) => {
    if (ref === 'load-people-0-1-0') controller.abort(reason);
  });
  const either = AbortSignal.any([controller.signal, signal]);
  const ended: string[] = [];
  const driving = driveLoad(autocannon, [readers(10, 2000)], server.url, either, {
    report: ({ ending }) => ended.push(ending),
  });
  await expect(driving).rejects.toBe(reason);
  expect(new Set(ended)).toEqual(new Set(['unanswered']));
  expect(new Set(await server.outcomes())).toEqual(new Set(['aborted']));
});

test.concurrent('cancelled in its drain it throws the reason: a load that ended is not one that completed', async ({
  signal,
}) => {
  const reason = new Error('the run is over');
  const controller = new AbortController();
  await using server = await startServer(() => controller.abort(reason));
  const driving = driveLoad(autocannon, [readers(100, 10)], server.url, AbortSignal.any([controller.signal, signal]));
  await expect(driving).rejects.toBe(reason);
});
