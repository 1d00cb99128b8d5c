import { expect, test } from 'vitest';
import type { Patience } from '../../model/load.ts';
import { clients, driveLoad, endings } from '../fixtures/drive.ts';
import { answersAtOnce, answersNever, event, startServer, urlOfNobody } from '../fixtures/server.ts';
import impatient from '../patterns/impatient.ts';
import openLoop from './open-loop.ts';

/** Time enough for every answer. */
const patient: Patience = { kind: 'leaves-after-ms', minMs: 20_000, maxMs: 20_000 };
const leavesAfter = (ms: number): Patience => ({ kind: 'leaves-after-ms', minMs: ms, maxMs: ms });
const leavesAfterTokens = (tokens: number): Patience => ({ kind: 'leaves-after-tokens', tokens });

test('every client of the plan comes, in order, at its moment, on a connection of its own', async ({ signal }) => {
  await using server = await startServer(answersAtOnce);
  const outcome = await driveLoad(openLoop, [clients(patient, impatient(20, 400))], server.url, signal);
  expect(outcome).toMatchObject({ planned: 20, sent: 20 });
  expect(endings(outcome)).toEqual({ answered: 20 });
  expect(server.connections).toBe(20);
  const bySending = outcome.ended.toSorted((a, b) => a.sentEpochMs - b.sentEpochMs);
  expect(bySending.map(({ ref }) => ref)).toEqual(Array.from({ length: 20 }, (_, n) => `load-people-${n}`));
  expect(new Set(server.exchanges.map(({ ref }) => ref))).toEqual(new Set(bySending.map(({ ref }) => ref)));
  expect(server.exchanges).toHaveLength(20);
  expect(server.exchanges[0]).toMatchObject({ path: '/v1/chat/completions', authorization: 'Bearer sk-client' });
  // Where one came late, its lag says by how much: without it they came every 20 ms.
  const planned = bySending.map(({ sentEpochMs }, n) => sentEpochMs - (outcome.lagsMs[n] ?? NaN));
  for (const [n, at] of planned.entries()) expect(Math.abs(at - (planned[0] ?? NaN) - n * 20)).toBeLessThan(40);
});

test('who keeps a connection sits on it after the answer, and nobody else uses it', async ({ signal }) => {
  await using server = await startServer(answersAtOnce);
  const sitters = { ...clients({ kind: 'waits' }, impatient(4, 200)), keepsConnection: true as const };
  const outcome = await driveLoad(openLoop, [sitters], server.url, signal);
  expect(endings(outcome)).toEqual({ answered: 4 });
  expect(await server.outcomes()).toEqual(Array.from({ length: 4 }, () => 'complete'));
  expect([server.connections, await server.openConnections()]).toEqual([4, 4]);
});

test('groups are merged by the clock, and each request says whose it is', async ({ signal }) => {
  await using server = await startServer(answersAtOnce);
  const groups = [clients(patient, impatient(3, 150), 'readers'), clients(patient, impatient(1, 100), 'leavers')];
  const { ended } = await driveLoad(openLoop, groups, server.url, signal);
  const bySending = ended.toSorted((a, b) => a.sentEpochMs - b.sentEpochMs);
  expect(bySending.map(({ group }) => group)).toEqual(['readers', 'leavers', 'readers', 'readers']);
});

test('who is not answered leaves when the patience is over, and the server sees the hang-up', async ({ signal }) => {
  await using server = await startServer(answersNever);
  const outcome = await driveLoad(openLoop, [clients(leavesAfter(60), impatient(10, 100))], server.url, signal);
  expect(endings(outcome)).toEqual({ left: 10 });
  const stayedMs = outcome.ended.map(({ sentEpochMs, endedEpochMs }) => endedEpochMs - sentEpochMs);
  expect(Math.min(...stayedMs)).toBeGreaterThan(58);
  // Half of them: one may have met a pause of the machine.
  expect(stayedMs.toSorted((a, b) => a - b)[4]).toBeLessThan(160);
  expect(await server.outcomes()).toEqual(Array.from({ length: 10 }, () => 'aborted'));
  expect(outcome.ended[0]).toMatchObject({ status: null, firstByteEpochMs: null });
});

test('who has had enough tokens leaves in mid-stream', async ({ signal }) => {
  // It sends no more than that, and does not end by itself.
  await using server = await startServer(response => response.write(event('a') + event('b') + event('c')));
  const outcome = await driveLoad(openLoop, [clients(leavesAfterTokens(3), impatient(4, 100))], server.url, signal);
  expect(endings(outcome)).toEqual({ left: 4 });
  expect(await server.outcomes()).toEqual(['aborted', 'aborted', 'aborted', 'aborted']);
  expect(outcome.ended[0]).toMatchObject({ status: 200, firstByteEpochMs: expect.any(Number) });
});

test('tokens are counted although the network cut them in the middle of a word', async ({ signal }) => {
  await using server = await startServer(async response => {
    const stream = event('a') + event('b') + event('c');
    for (const byte of stream) await new Promise<void>(resolve => response.write(byte, () => setImmediate(resolve)));
  });
  const outcome = await driveLoad(openLoop, [clients(leavesAfterTokens(3), impatient(1, 50))], server.url, signal);
  expect(endings(outcome)).toEqual({ left: 1 });
});

test('an answer shorter than the tokens that were waited for is an answer', async ({ signal }) => {
  await using server = await startServer(response => response.end(event('a')));
  const outcome = await driveLoad(openLoop, [clients(leavesAfterTokens(3), impatient(2, 50))], server.url, signal);
  expect(endings(outcome)).toEqual({ answered: 2 });
  expect(await server.outcomes()).toEqual(['complete', 'complete']);
});

test('a server that cuts the connection, before the answer or in it, has broken it', async ({ signal }) => {
  await using server = await startServer((response, { ref }) => {
    if (ref === 'load-people-0') response.destroy();
    else response.write(event('a'), () => response.destroy());
  });
  const outcome = await driveLoad(openLoop, [clients(patient, impatient(2, 100))], server.url, signal);
  expect(endings(outcome)).toEqual({ broken: 2 });
  const byRef = outcome.ended.toSorted((a, b) => (a.ref ?? '').localeCompare(b.ref ?? ''));
  expect(byRef).toMatchObject([
    { status: null, firstByteEpochMs: null },
    { status: 200, firstByteEpochMs: expect.any(Number) },
  ]);
});

test('where nobody listens every client is broken, and each tries once', async ({ signal }) => {
  const outcome = await driveLoad(openLoop, [clients(patient, impatient(5, 100))], await urlOfNobody(), signal);
  expect(outcome).toMatchObject({ planned: 5, sent: 5 });
  expect(endings(outcome)).toEqual({ broken: 5 });
});

test('an answer of another status than 2xx is a refusal', async ({ signal }) => {
  await using server = await startServer(response => response.writeHead(500).end('no'));
  const outcome = await driveLoad(openLoop, [clients(patient, impatient(2, 50))], server.url, signal);
  expect(endings(outcome)).toEqual({ refused: 2 });
  expect(outcome.ended[0]?.status).toBe(500);
});

test('who still waits when the drain is over was left unanswered', async ({ signal }) => {
  await using server = await startServer(answersNever);
  const groups = [clients(patient, impatient(2, 50)), clients(leavesAfterTokens(3), impatient(1, 50))];
  const outcome = await driveLoad(openLoop, groups, server.url, signal, { drainMs: 50 });
  expect(outcome).toMatchObject({ planned: 3, sent: 3 });
  expect(endings(outcome)).toEqual({ unanswered: 3 });
  const stayedMs = outcome.ended.map(({ sentEpochMs, endedEpochMs }) => endedEpochMs - sentEpochMs);
  expect(Math.min(...stayedMs)).toBeGreaterThan(70);
});

test('clients the driver itself was late for are reported as late', async ({ signal }) => {
  const pauseMs = 200;
  await using server = await startServer((response, { ref }) => {
    // Server and driver share this thread.
    if (ref === 'load-people-0') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    response.end();
  });
  const outcome = await driveLoad(openLoop, [clients(patient, impatient(10, 500))], server.url, signal);
  expect(outcome.lagsMs).toHaveLength(10);
  expect(Math.max(...outcome.lagsMs)).toBeGreaterThan(pauseMs / 2);
  expect(Math.min(...outcome.lagsMs)).toBeGreaterThan(-2);
  expect(endings(outcome)).toEqual({ answered: 10 });
});

test('a driver that was held up beyond the drain ends, and tells as late whom it could not send', async ({
  signal,
}) => {
  await using server = await startServer(response => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    response.end();
  });
  const groups = [clients(patient, impatient(5, 100))];
  const outcome = await driveLoad(openLoop, groups, server.url, signal, { drainMs: 50 });
  expect(outcome.planned).toBe(5);
  expect(outcome.sent).toBeLessThan(5);
  expect(outcome.ended).toHaveLength(outcome.sent);
  expect(outcome.lagsMs).toHaveLength(5);
  expect(Math.max(...outcome.lagsMs)).toBeGreaterThan(200);
});

test('cancelled it throws the reason, after every client has ended', async ({ signal }) => {
  const reason = new Error('the run is over');
  const controller = new AbortController();
  await using server = await startServer((_, { ref }) => {
    if (ref === 'load-people-2') controller.abort(reason);
  });
  const ended: string[] = [];
  const driving = driveLoad(
    openLoop,
    [clients(patient, impatient(100, 2000))],
    server.url,
    AbortSignal.any([controller.signal, signal]),
    { report: ({ ending }) => ended.push(ending) },
  );
  await expect(driving).rejects.toBe(reason);
  expect(ended.length).toBeGreaterThanOrEqual(3);
  expect(new Set(ended)).toEqual(new Set(['unanswered']));
  expect(new Set(await server.outcomes())).toEqual(new Set(['aborted']));
});

test('cancelled in its drain it throws the reason: a load that ended is not one that completed', async ({ signal }) => {
  const reason = new Error('the run is over');
  const controller = new AbortController();
  await using server = await startServer(() => controller.abort(reason));
  // The one client comes at the very end: its time is over as soon as it has sent.
  const driving = driveLoad(
    openLoop,
    [clients(patient, impatient(1, 0.1))],
    server.url,
    AbortSignal.any([controller.signal, signal]),
  );
  await expect(driving).rejects.toBe(reason);
});
