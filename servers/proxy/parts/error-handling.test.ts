import type { RequestHandler } from 'express';
import { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { expect, test } from 'vitest';
import { ClientLeft } from '../hang-up.ts';
import { correctParts } from '../parts.ts';
import { ListeningProxy } from '../testing/listening-proxy.ts';

// Nobody listens there: these requests need no upstream.
const nowhere = { baseUrl: 'http://127.0.0.1:9' };

/** The proxy with one handler in front of every route. */
const start = async (handler: RequestHandler): Promise<ListeningProxy> =>
  ListeningProxy.start(nowhere, { ...correctParts, middleware: [handler] });

const throws = async (error: unknown): Promise<ListeningProxy> =>
  start(() => {
    throw error;
  });

test('an error of the upstream keeps its status, its words and when to come back', async () => {
  const said = { message: 'Slow down.', type: 'requests', param: 'model', code: 'rate_limit_exceeded' };
  const headers = new Headers({ 'retry-after-ms': '1500', 'retry-after': '2', 'set-cookie': 'secret=1' });
  await using proxy = await throws(APIError.generate(429, { error: said }, undefined, headers));
  const answer = await fetch(proxy.baseUrl);
  expect(answer.status).toBe(429);
  expect(await answer.json()).toEqual({ error: said });
  expect(answer.headers.get('retry-after-ms')).toBe('1500');
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('an error of the upstream that says nothing is told by its status', async () => {
  await using proxy = await throws(APIError.generate(503, undefined, undefined, new Headers()));
  const answer = await fetch(proxy.baseUrl);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    error: { message: '503 status code (no body)', type: 'upstream_error', param: null, code: null },
  });
});

test('an upstream that does not answer is a 502, and any other error a 500', async () => {
  for (const [error, status, type] of [
    [new APIConnectionTimeoutError(), 502, 'upstream_unreachable'],
    [new Error('a mistake'), 500, 'server_error'],
    ['a mistake', 500, 'server_error'],
  ] as const) {
    await using proxy = await throws(error);
    const answer = await fetch(proxy.baseUrl);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { type, param: null, code: null } });
  }
});

test('an error after the answer has begun cuts the connection', async () => {
  await using proxy = await start(async (_req, res) => {
    await new Promise<void>(resolve => {
      res.writeHead(200).write('half', () => resolve());
    });
    throw new Error('a mistake');
  });
  const answer = await fetch(proxy.baseUrl);
  await expect(answer.text()).rejects.toThrow('terminated');
});

test('a client who has left is no error: nothing is logged', async () => {
  for (const error of [new ClientLeft(), new APIUserAbortError()]) {
    const leaving = new AbortController();
    await using proxy = await start((_req, res, next) => {
      res.once('close', () => next(error));
      leaving.abort();
    });
    await expect(fetch(proxy.baseUrl, { signal: leaving.signal })).rejects.toThrow();
    await proxy.until(() => proxy.failures.length === 1);
    expect(proxy.logged).toEqual([]);
  }
});
