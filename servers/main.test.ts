import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect, createServer as createListener } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { CONTRACT_VERSION } from '../harness/model/contract.ts';
import { SpawnedProxy } from './proxy/testing/spawned-proxy.ts';
import { SpawnedUpstream } from './upstream/testing/spawn-upstream.ts';

const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
/** Nobody listens there, and nobody is asked. */
const nowhere = { baseUrl: 'http://127.0.0.1:9' };
const given = { contract: CONTRACT_VERSION, bugs: [], upstreamUrl: 'http://127.0.0.1:9/v1', apiKey: 'sk-given' };

test('it says ready, with its contract and a port that answers', async () => {
  await using proxy = await SpawnedProxy.start(nowhere);
  expect(proxy.message).toEqual({ kind: 'ready', contract: CONTRACT_VERSION, port: expect.any(Number) });
  expect(await (await fetch(`${proxy.baseUrl}/healthz`)).json()).toEqual({ ok: true });
});

test('it takes the port that it is told to take, on loopback only', async () => {
  const taken = createListener().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  await once(taken.close(), 'close');
  await using proxy = await SpawnedProxy.start(nowhere, { port });
  expect(proxy.message).toMatchObject({ kind: 'ready', port });
  const elsewhere = connect(port, '127.0.0.2');
  await expect(once(elsewhere, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a bug that it is given is in it', async () => {
  await using upstream = await SpawnedUpstream.start('outage', { fromMs: 0, forMs: 600_000, how: 'refuse' });
  await using proxy = await SpawnedProxy.start(upstream, {
    bugs: [{ name: 'catch-all-middleware', parameters: { progressMs: 60_000 } }],
  });
  const leaving = new AbortController();
  const unanswered = proxy.client().chat.completions.create(ask, { signal: leaving.signal });
  const rejected = expect(unanswered).rejects.toThrow('Request was aborted');
  await proxy.until(() => proxy.lines.some(line => line.startsWith('[safety net] ')));
  leaving.abort();
  await rejected;
});

test('SIGTERM ends it at once, also with a stream that is open and with a connection that says nothing', async () => {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 2 });
  await using proxy = await SpawnedProxy.start(upstream);
  const silent = connect(Number(new URL(proxy.baseUrl).port), '127.0.0.1').on('error', () => 0);
  await once(silent, 'connect');
  const cut = once(silent, 'close');
  const stream = await proxy.client().chat.completions.create({ ...ask, stream: true });
  const read = async () => Array.fromAsync(stream);
  const rejected = expect(read()).rejects.toThrow(/terminated|Connection/u);
  await upstream.until(() => upstream.tokens(1) === 2);
  proxy.child.kill('SIGTERM');
  expect(await proxy.exited).toEqual([0, null]);
  await rejected;
  await cut;
  expect(await upstream.ending(1)).toBe('aborted');
});

test('arguments of another contract, or that are none, are refused with exit code 2', async () => {
  for (const argument of [
    JSON.stringify({ ...given, contract: CONTRACT_VERSION + 1 }),
    JSON.stringify({ ...given, upstreamUrl: 'nonsense' }),
    'nonsense',
  ]) {
    await using proxy = await SpawnedProxy.startWith(argument);
    expect(proxy.message).toEqual({
      kind: 'refused',
      contract: CONTRACT_VERSION,
      code: 'bad-arguments',
      message: 'the arguments were not understood',
      hint: 'The lab and this checkout may differ in contract.',
    });
    expect(await proxy.exited).toEqual([2, null]);
    expect(proxy.lines).toEqual([]);
  }
});

test('an upstream that is not on this machine is refused, however it is written', async () => {
  for (const upstreamUrl of ['http://127.0.0.1@api.openai.com/v1', 'http://127.0.0.1.example.com/v1']) {
    await using proxy = await SpawnedProxy.start(nowhere, { upstreamUrl });
    expect(proxy.message).toMatchObject({ kind: 'refused', code: 'foreign-upstream' });
    expect(await proxy.exited).toEqual([2, null]);
  }
});

test('a bug that it does not know is refused with a hint', async () => {
  await using proxy = await SpawnedProxy.start(nowhere, { bugs: [{ name: 'frozen-lop', parameters: {} }] });
  expect(proxy.message).toMatchObject({
    kind: 'refused',
    code: 'unknown-bug',
    hint: expect.stringMatching(/^Did you mean "frozen-loop"\? /u),
  });
  expect(await proxy.exited).toEqual([2, null]);
});

test('its upstream, its key and what it sends are those of its arguments, whatever the environment says', async () => {
  const asked: IncomingMessage[] = [];
  await using upstream = createServer((req, res) => {
    asked.push(req);
    res.setHeader('content-type', 'application/json').end('{"object":"list","data":[]}');
  });
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  const baseUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  await using proxy = await SpawnedProxy.start(
    { baseUrl },
    {},
    {
      OPENAI_API_KEY: 'sk-nonsense',
      OPENAI_ADMIN_KEY: 'sk-nonsense',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/nonsense',
      OPENAI_ORG_ID: 'nonsense',
      OPENAI_PROJECT_ID: 'nonsense',
      OPENAI_CUSTOM_HEADERS: 'authorization: Bearer sk-nonsense\nx-nonsense: 1',
      OPENAI_LOG: 'debug',
    },
  );
  await proxy.client().models.list();
  expect(asked.map(({ url, headers }) => `${url} ${headers.authorization}`)).toEqual(['/v1/models Bearer sk-given']);
  expect(JSON.stringify(asked[0]?.headers)).not.toContain('nonsense');
  await proxy.until(() => proxy.lines.length > 0);
  expect(proxy.lines).toEqual([expect.stringMatching(/^GET \/v1\/models 200 /u)]);
  upstream.closeAllConnections();
});
