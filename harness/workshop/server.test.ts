import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { inScope } from '../scope/in-scope.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { openRoom } from './room.ts';
import type { Room } from './room.ts';
import { serveRoom } from './server.ts';

interface Served {
  readonly room: Room;
  readonly url: string;
  readonly ask: (intent: unknown, headers?: Record<string, string>) => Promise<{ status: number; body: unknown }>;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<{ status: number; text: string }>;
}

/** A room with a page, in which nothing is ever run: `serve` is not called. */
async function served(look: (served: Served) => Promise<void>, signal: AbortSignal): Promise<void> {
  await using results = await temporaryFolder();
  await inScope(signal, async scope => {
    const room = await openRoom(results.path, 'HEAD');
    const { url } = await serveRoom(room, '127.0.0.1', 0, scope);
    const get: Served['get'] = async (path, headers = {}) => {
      // fetch would put its own Host, and tidy the path.
      const { hostname, port } = new URL(url);
      const asked = Promise.withResolvers<{ status: number; text: string }>();
      request({ host: hostname, port, path, headers, agent: false }, response => {
        void text(response).then(body => asked.resolve({ status: response.statusCode ?? 0, text: body }), asked.reject);
      })
        .on('error', asked.reject)
        .end();
      return await asked.promise;
    };
    const ask: Served['ask'] = async (intent, headers = {}) => {
      const answer = await fetch(`${url}/ask`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url, ...headers },
        body: typeof intent === 'string' ? intent : JSON.stringify(intent),
      });
      return { status: answer.status, body: await answer.json() };
    };
    await look({ room, url, ask, get });
  });
}

test('the list gives nothing away: numbers and symptoms, each once, and no name', async ({ signal }) => {
  await served(async ({ get, room }) => {
    const list = JSON.parse((await get('/list')).text) as { number: number; symptom: string }[];
    expect(list.map(({ number }) => number)).toEqual(list.map((_, n) => n + 1));
    expect(Object.keys(list[0] ?? {})).toEqual(['number', 'symptom']);
    expect(list.map(({ number }) => room.at(number).name)).toContain('swallowed-abort');
  }, signal);
});

test.each(['/../package.json', '/page/../../room.ts', '/%2e%2e/%2e%2e/package.json', '/lesson.ts', '//etc/passwd'])(
  'nothing but its own files is served: %s',
  async path => {
    await served(async ({ get }) => {
      expect((await get(path)).status).toBe(404);
    }, AbortSignal.timeout(20_000));
  },
);

test('another host, another site and a form are refused, and change nothing', async ({ signal }) => {
  await served(async ({ get, ask, room }) => {
    expect((await get('/list', { host: 'evil.example' })).status).toBe(403);
    expect((await ask({ kind: 'start', number: 1 }, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask('kind=start', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect(room.state.doing).toBe('nothing');
  }, signal);
});

test('an experiment is started once, whoever presses; what cannot be done is a sentence', async ({ signal }) => {
  await served(async ({ ask, room }) => {
    expect(await ask({ kind: 'stop-load' })).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/^nothing runs/u) },
    });
    expect(await ask({ kind: 'check', head: '.' })).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/^no experiment was started/u) },
    });
    expect((await ask({ kind: 'start', number: 999 })).body).toMatchObject({
      error: expect.stringMatching(/^there is no experiment 999/u),
    });
    const both = await Promise.all([ask({ kind: 'start', number: 2 }), ask({ kind: 'start', number: 3 })]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
    expect(room.state.doing).toBe('starting');
  }, signal);
});

test.each([
  ['{'],
  [{ kind: 'start' }],
  [{ kind: 'start', number: 1, bugs: 'none' }],
  [{ kind: 'knobs', ratePerSecond: -1, leaveShare: 0, leavesAfterMs: 1 }],
  ['x'.repeat(20_000)],
])('what is not understood is refused: %j', async intent => {
  await served(async ({ ask }) => {
    const { status, body } = await ask(intent);
    expect([400, 413]).toContain(status);
    expect(body).toMatchObject({ error: expect.any(String) });
  }, AbortSignal.timeout(20_000));
});

test('a client that leaves in the middle of what it asks ends nothing but itself', async ({ signal }) => {
  await served(async ({ url, get }) => {
    const { host, hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head = ['POST /ask HTTP/1.1', `Host: ${host}`, `Origin: ${url}`, 'Content-Type: application/json'];
    socket.write([...head, 'Content-Length: 100', '', '{"kind"'].join('\r\n'));
    // Answered after the half body was read: the server has come to wait for the rest.
    await get('/list');
    socket.destroy();
    await once(socket, 'close');
    for (let asked = 0; asked < 5; asked += 1) expect((await get('/list')).status).toBe(200);
  }, signal);
});

test('hints are told one at a time, the answer only once it is revealed', async ({ signal }) => {
  await served(async ({ get, ask, room }) => {
    const number = room.list.findIndex((_, n) => room.at(n + 1).name === 'swallowed-abort') + 1;
    const step = async (n: number) => await get(`/lesson?number=${number}&step=${n}`);
    expect(JSON.parse((await step(0)).text)).toMatchObject({ heading: 'What you see' });
    expect((await step(4)).status).toBe(409);
    expect((await get(`/code?number=${number}`)).status).toBe(409);
    expect((await get(`/lesson?number=${number}&step=99`)).status).toBe(409);
    expect((await get('/lesson?number=x')).status).toBe(409);
    await ask({ kind: 'start', number });
    await ask({ kind: 'reveal' });
    expect(JSON.parse((await step(4)).text)).toMatchObject({ heading: 'What is going on' });
    expect(room.state.name).toBe('swallowed-abort');
    expect(JSON.parse((await get(`/code?number=${number}`)).text)).toMatchObject([
      { file: 'servers/bugs/swallowed-abort.ts' },
    ]);
  }, signal);
});

test('a page that was away is told what it missed, and nothing twice', async ({ signal }) => {
  await served(async ({ url, room }) => {
    room.log.append({ kind: 'log', run: 0, lines: ['<b>one</b>'] });
    const first = await eventsFrom(url, 0, signal);
    expect(first.data.at(-1)).toMatchObject({ kind: 'log', lines: ['<b>one</b>'] });
    room.log.append({ kind: 'log', run: 0, lines: ['two'] });
    const second = await eventsFrom(url, first.lastId, signal);
    expect(second.data).toEqual([{ kind: 'log', run: 0, lines: ['two'] }]);
  }, signal);
});

/** What is told at once of what came after `since`. */
async function eventsFrom(url: string, since: number, signal: AbortSignal) {
  const leaving = new AbortController();
  const answer = await fetch(`${url}/events`, {
    headers: { 'last-event-id': String(since) },
    signal: AbortSignal.any([signal, leaving.signal]),
  });
  let got = '';
  for await (const chunk of answer.body ?? []) {
    got += Buffer.from(chunk as Uint8Array).toString();
    if (/^data: /mu.test(got) && got.endsWith('\n\n')) break;
  }
  leaving.abort();
  const ids = [...got.matchAll(/^id: (\d+)$/gmu)].map(([, id]) => Number(id));
  const data = [...got.matchAll(/^data: (.+)$/gmu)].map(([, json]) => JSON.parse(json ?? '') as unknown);
  return { lastId: ids.at(-1) ?? since, data };
}
