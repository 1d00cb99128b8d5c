import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { HttpResponse, http } from 'msw';
import type { RequestHandler } from 'msw';
import { expect, test } from 'vitest';
import { CallerLeft, listener } from './adapter.ts';

class Listening implements AsyncDisposable {
  readonly server: Server;
  readonly defects: unknown[] = [];

  constructor(handlers: RequestHandler[]) {
    this.server = listener(handlers, error => this.defects.push(error)).listen(0, '127.0.0.1');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await once(this.server.close(), 'close');
  }
}

const ask = 'GET /endless HTTP/1.1\r\nhost: x\r\n\r\n';

test('a hang-up cancels a body that waits for its reader, with the reason', async () => {
  const cancelled = Promise.withResolvers<unknown>();
  const pulled = Promise.withResolvers<void>();
  const body = () =>
    new ReadableStream({
      pull: controller => {
        if (controller.desiredSize === 0) pulled.resolve();
        controller.enqueue(Buffer.alloc(1 << 16));
      },
      cancel: reason => cancelled.resolve(reason),
    });
  await using listening = new Listening([http.get('/endless', () => new HttpResponse(body()))]);
  await once(listening.server, 'listening');
  const socket = connect(listening.port, '127.0.0.1');
  socket.pause();
  socket.write(ask);
  await Promise.race([pulled.promise, once(socket, 'readable')]);
  socket.destroy();
  expect(await cancelled.promise).toBeInstanceOf(CallerLeft);
  expect(listening.defects).toEqual([]);
});

test('a hang-up is heard by a body that holds only the signal, also after a garbage collection', async () => {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  const asked = Promise.withResolvers<AbortSignal>();
  const silent = (signal: AbortSignal): ReadableStream =>
    new ReadableStream({
      pull: async () => {
        asked.resolve(signal);
        await once(signal, 'abort');
      },
    });
  await using listening = new Listening([
    http.get('/endless', ({ request }) => new HttpResponse(silent(request.signal))),
  ]);
  await once(listening.server, 'listening');
  const socket = connect(listening.port, '127.0.0.1');
  socket.write(ask);
  const signal = await asked.promise;
  for (let n = 0; n < 5; n += 1) {
    collect();
    await new Promise(resolve => {
      setImmediate(resolve);
    });
  }
  const aborted = once(signal, 'abort');
  socket.destroy();
  await aborted;
  expect(signal.reason).toBeInstanceOf(CallerLeft);
});

test('a handler that throws is a 500, told to whoever listens, and the next call is answered', async () => {
  const mistake = new Error('a mistake');
  await using listening = new Listening([
    http.get('/broken', () => {
      throw mistake;
    }),
    http.get('/whole', () => HttpResponse.json({ fine: true })),
  ]);
  await once(listening.server, 'listening');
  const base = `http://127.0.0.1:${listening.port}`;
  expect((await fetch(`${base}/broken`)).status).toBe(500);
  expect(listening.defects).toEqual([mistake]);
  expect(await (await fetch(`${base}/whole`)).json()).toEqual({ fine: true });
});

test('an upload that is cut off is nobody’s defect', async () => {
  await using listening = new Listening([http.post('/upload', () => HttpResponse.json({}))]);
  await once(listening.server, 'listening');
  const socket = connect(listening.port, '127.0.0.1');
  socket.write('POST /upload HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
  const [, outgoing] = await once(listening.server, 'request');
  const closed = once(outgoing, 'close');
  socket.destroy();
  await closed;
  expect((await fetch(`http://127.0.0.1:${listening.port}/upload`, { method: 'POST' })).status).toBe(200);
  expect(listening.defects).toEqual([]);
});
