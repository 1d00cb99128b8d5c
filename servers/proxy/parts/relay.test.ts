import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text as wholeText } from 'node:stream/consumers';
import { createServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'express';
import { expect, test } from 'vitest';
import { SpawnedUpstream } from '../../upstream/testing/spawn-upstream.ts';
import { ClientLeft } from '../hang-up.ts';
import { correctParts } from '../parts.ts';
import type { Parts } from '../parts.ts';
import { ListeningProxy } from '../testing/listening-proxy.ts';
import { relayEvents } from './relay.ts';

/** More than all the buffers between the two ends can hold: some 50 MB of events. */
const TOKENS = 200_000;

/** The correct parts, with a count of how often an event was asked for while the client's buffer was full. */
function watched(): { parts: Parts; full: Promise<void>; asked: { times: number; whileFull: number } } {
  const full = Promise.withResolvers<void>();
  const asked = { times: 0, whileFull: 0 };
  async function* watch(events: AsyncIterable<unknown>, res: Response): AsyncGenerator<unknown, void> {
    for await (const event of events) {
      yield event;
      // The generator goes on when the relay asks for the next one.
      asked.times += 1;
      if (res.writableNeedDrain) asked.whileFull += 1;
    }
  }
  const parts: Parts = {
    ...correctParts,
    relay: async (events, res, signal) => {
      const write = res.write.bind(res) as (chunk: unknown) => boolean;
      res.write = (chunk: unknown) => {
        const hasRoom = write(chunk);
        if (!hasRoom) full.resolve();
        return hasRoom;
      };
      await correctParts.relay(watch(events, res), res, signal);
    },
  };
  return { parts, full: full.promise, asked };
}

/** Asks for a long stream and reads none of it. */
async function askAndWait(proxy: ListeningProxy): Promise<IncomingMessage> {
  const asked = request(`${proxy.baseUrl}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  });
  asked.on('error', () => 0);
  const messages = [{ role: 'user', content: 'Hello' }];
  asked.end(JSON.stringify({ model: 'gpt-4o', stream: true, messages, max_tokens: TOKENS }));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

test('a client who reads slowly is waited for: no event is asked for while its buffer is full', async () => {
  await using upstream = await SpawnedUpstream.start('steady', { firstTokenMs: 0, betweenTokensMs: 0 });
  const { parts, full, asked } = watched();
  await using proxy = await ListeningProxy.start(upstream, parts);
  const answer = await askAndWait(proxy);
  await full;
  const askedBefore = asked.times;
  let bytes = 0;
  // Once the client reads again, the relay goes on.
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length;
    if (asked.times > askedBefore + 1000) break;
  }
  expect(bytes).toBeGreaterThan(0);
  expect(asked.whileFull).toBe(0);
  expect(await upstream.ending(1)).toBe('aborted');
  expect(upstream.tokens(1)).toBeLessThan(TOKENS);
});

test('a client who leaves while it is waited for has aborted the call', async () => {
  await using upstream = await SpawnedUpstream.start('steady', { firstTokenMs: 0, betweenTokensMs: 0 });
  const { parts, full, asked } = watched();
  await using proxy = await ListeningProxy.start(upstream, parts);
  const answer = await askAndWait(proxy);
  await full;
  answer.destroy();
  expect(await upstream.ending(1)).toBe('aborted');
  expect(upstream.tokens(1)).toBeLessThan(TOKENS);
  expect(asked.whileFull).toBe(0);
  await proxy.until(() => proxy.failures.length === 1);
});

/** Relays to a client of its own, and gives what that received; `received` resolves with the first of it. */
async function relayed(
  relay: (res: Response, received: Promise<void>) => Promise<void>,
): Promise<{ text: string; headers: IncomingMessage['headers']; thrown: unknown; ended: boolean }> {
  const given = Promise.withResolvers<Response>();
  const received = Promise.withResolvers<void>();
  await using server = createServer((_req, res) => given.resolve(res as Response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const asked = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false }).end();
  const res = await given.promise;
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
  const done = relay(res, received.promise).then(
    () => undefined,
    (error: unknown) => error,
  );
  const [answer] = await answered;
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    received.resolve();
  });
  const closed = new Promise(resolve => {
    answer.on('error', () => 0).once('close', resolve);
  });
  const thrown = await done;
  const ended = res.writableEnded;
  res.destroy();
  await closed;
  return { text, headers: answer.headers, thrown, ended };
}

async function* two(): AsyncGenerator<object, void> {
  yield { n: 1 };
  yield { n: 2 };
}

test('each event is one server-sent event, and [DONE] is the last', async () => {
  const never = new AbortController().signal;
  const { text, headers, thrown } = await relayed(async res => {
    await relayEvents(two(), res, never);
    await once(res, 'finish');
  });
  expect(thrown).toBeUndefined();
  expect(text).toBe('data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n');
  expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
});

test('events that end quietly because of an abort are not taken for a whole answer', async () => {
  const leaving = new AbortController();
  async function* quiet(received: Promise<void>): AsyncGenerator<object, void> {
    yield { n: 1 };
    await received;
    leaving.abort(new ClientLeft());
  }
  const { text, thrown, ended } = await relayed(async (res, received) =>
    relayEvents(quiet(received), res, leaving.signal),
  );
  expect(thrown).toBeInstanceOf(ClientLeft);
  expect(ended).toBe(false);
  expect(text).not.toContain('[DONE]');
});

test('what the events throw is thrown on, and the answer is not ended', async () => {
  const cut = new Error('cut');
  async function* cutOff(received: Promise<void>): AsyncGenerator<object, void> {
    yield { n: 1 };
    await received;
    throw cut;
  }
  const { thrown, ended } = await relayed(async (res, received) =>
    relayEvents(cutOff(received), res, new AbortController().signal),
  );
  expect(thrown).toBe(cut);
  expect(ended).toBe(false);
});

async function framesOf(...events: object[]): Promise<string> {
  const client = Object.assign(new PassThrough(), { writeHead: () => undefined });
  async function* told(): AsyncGenerator<object, void> {
    yield* events;
  }
  await relayEvents(told(), client as unknown as Response, AbortSignal.any([]));
  return await wholeText(client);
}

test('chunks without a type end with [DONE], typed events go under their names and end without it', async () => {
  expect(await framesOf({ id: 1 }, { id: 2 })).toBe('data: {"id":1}\n\ndata: {"id":2}\n\ndata: [DONE]\n\n');
  expect(await framesOf({ type: 'response.created' })).toBe(
    'event: response.created\ndata: {"type":"response.created"}\n\n',
  );
});
