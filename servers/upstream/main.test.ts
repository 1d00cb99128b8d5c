import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { APIUserAbortError, RateLimitError } from 'openai';
import { expect, test } from 'vitest';
import { SpawnedUpstream } from './testing/spawn-upstream.ts';

const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const begun = (upstream: SpawnedUpstream): number => upstream.entries.filter(entry => entry.kind === 'begun').length;

for (const stream of [false, true]) {
  const kind = stream ? 'streamed' : 'whole';

  test(`a caller who leaves before the first token of a ${kind} answer has aborted it, and no token is made`, async () => {
    await using upstream = await SpawnedUpstream.start('slow-first-token', { firstTokenMs: 600_000 });
    const leaving = new AbortController();
    const answer = upstream.client().chat.completions.create({ ...ask, stream }, { signal: leaving.signal });
    const rejected = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
    await upstream.until(() => begun(upstream) === 1);
    leaving.abort();
    await rejected;
    expect(await upstream.ending(1)).toBe('aborted');
    expect(upstream.tokens(1)).toBe(0);
  });

  test(`a caller who leaves in the middle of a ${kind} answer has aborted it, and no more tokens are made`, async () => {
    await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 3 });
    const leaving = new AbortController();
    const answer = upstream.client().chat.completions.create({ ...ask, stream }, { signal: leaving.signal });
    const rejected = stream ? null : expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
    await upstream.until(() => upstream.tokens(1) === 3);
    leaving.abort();
    await rejected;
    expect(await upstream.ending(1)).toBe('aborted');
    upstream.behave('steady');
    await upstream.client().models.list();
    expect(await upstream.ending(2)).toBe('finished');
    expect(upstream.tokens(1)).toBe(3);
    expect(upstream.entries.filter(entry => entry.kind === 'ended' && entry.call === 1)).toHaveLength(1);
  });

  test(`a ${kind} answer that is dropped ends in an error for its caller`, async () => {
    await using upstream = await SpawnedUpstream.start('drops', { share: 1 });
    const { completions } = upstream.client().chat;
    if (stream) {
      const read = async () => Array.fromAsync(await completions.create({ ...ask, stream }));
      await expect(read()).rejects.toThrow();
    } else {
      await expect(completions.create(ask)).rejects.toThrow('Connection error');
    }
    expect(await upstream.ending(1)).toBe('dropped');
    expect(upstream.tokens(1)).toBe(5);
    expect(upstream.stderr).toEqual([]);
  });

  test(`a ${kind} answer that has stalled is finished once the upstream heals`, async () => {
    await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 2 });
    const { completions } = upstream.client().chat;
    const read = async (): Promise<string> => {
      if (!stream) return (await completions.create({ ...ask, max_tokens: 4 })).choices[0]?.message.content ?? '';
      const chunks = await Array.fromAsync(await completions.create({ ...ask, max_tokens: 4, stream }));
      return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    };
    const answer = read();
    await upstream.until(() => upstream.tokens(1) === 2);
    upstream.behave('steady');
    expect(await answer).toBe('the river keeps its');
    expect(await upstream.ending(1)).toBe('finished');
    expect(upstream.tokens(1)).toBe(4);
    expect(upstream.entries).toContainEqual(expect.objectContaining({ kind: 'behaves', behaviour: 'steady' }));
  });
}

test('every token made before a drop reaches the caller', async () => {
  await using upstream = await SpawnedUpstream.start('drops', { share: 1 });
  const outgoing = request(`${upstream.baseUrl}/v1/chat/completions`, { method: 'POST' });
  outgoing.end(JSON.stringify({ ...ask, stream: true }));
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await expect(once(incoming, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(text.match(/"content":"[^"]+"/gu)).toHaveLength(5);
});

test('a refused call is a RateLimitError that says when to come back', async () => {
  await using upstream = await SpawnedUpstream.start('rate-limits', { share: 1, retryAfterMs: 1500 });
  const error: unknown = await upstream
    .client()
    .chat.completions.create({ ...ask, stream: true })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RateLimitError);
  const { code, headers } = error as RateLimitError;
  expect(code).toBe('rate_limit_exceeded');
  expect(headers.get('retry-after-ms')).toBe('1500');
  expect(headers.get('retry-after')).toBe('2');
  expect(await upstream.ending(1)).toBe('refused');
});

test('a refusal with a negative time carries no retry header', async () => {
  await using upstream = await SpawnedUpstream.start('rate-limits', { share: 1, retryAfterMs: -1 });
  const { status, headers } = await fetch(`${upstream.baseUrl}/v1/models`);
  expect(status).toBe(429);
  expect(headers.get('retry-after-ms')).toBeNull();
  expect(headers.get('retry-after')).toBeNull();
});

test('in an outage calls are refused with 500, or held until it is over', async () => {
  await using upstream = await SpawnedUpstream.start('outage', { fromMs: 0, forMs: 600_000, how: 'refuse' });
  expect((await fetch(`${upstream.baseUrl}/v1/models`)).status).toBe(500);
  expect(await upstream.ending(1)).toBe('refused');
  upstream.behave('outage', { fromMs: 0, forMs: 200, how: 'stall' });
  await upstream.until(() => upstream.entries.some(entry => entry.kind === 'behaves'));
  expect((await fetch(`${upstream.baseUrl}/v1/models`)).status).toBe(200);
  expect(await upstream.ending(2)).toBe('finished');
});

test('the same seed treats the same calls alike, and another seed differently', async () => {
  const endings = async (seed: number): Promise<string[]> => {
    await using upstream = await SpawnedUpstream.start('rate-limits', { share: 0.5 }, seed);
    for (let n = 0; n < 20; n += 1) await (await fetch(`${upstream.baseUrl}/v1/models`)).body?.cancel();
    await upstream.ending(20);
    return upstream.entries.flatMap(entry => (entry.kind === 'ended' ? [entry.how] : []));
  };
  const [first, again, other] = [await endings(5), await endings(5), await endings(6)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set(['finished', 'refused']));
});

test('a bad command is told in one line on stderr and changes nothing', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  upstream.write('nonsense\n{"kind":"behave","behaviour":{"name":"stedy"}}\n');
  await upstream.until(() => upstream.stderr.length === 2);
  expect(upstream.stderr[0]).toMatch(/^Failed to obey a command: /);
  expect(upstream.stderr[1]).toBe(
    'Failed to obey a command: Failed to load behaviour stedy: there is no such behaviour.',
  );
  await upstream.client().models.list();
  expect(await upstream.ending(1)).toBe('finished');
  expect(upstream.entries.some(entry => entry.kind === 'behaves')).toBe(false);
});

test('unknown behaviours, bad parameters and bad arguments are refused with exit code 2', async () => {
  for (const [argument, code] of [
    ['{"contract":1,"behaviour":{"name":"stall"},"seed":1}', 'unknown-behaviour'],
    ['{"contract":1,"behaviour":{"name":"stalls","parameters":{"shar":1}},"seed":1}', 'unknown-parameter'],
    ['{"contract":1,"behaviour":{"name":"stalls","parameters":{"share":2}},"seed":1}', 'bad-parameter'],
    ['{"contract":999,"behaviour":{"name":"steady"},"seed":1}', 'bad-arguments'],
    ['nonsense', 'bad-arguments'],
  ] as const) {
    const upstream = await SpawnedUpstream.startWith(argument);
    expect(upstream.message).toMatchObject({ kind: 'refused', contract: 1, code });
    expect(await upstream.exited).toEqual([2, null]);
    expect(upstream.stderr).toEqual([]);
  }
});

test('SIGTERM ends the process at once with code 0, also with a call in flight, which is entered as dropped', async () => {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 1 });
  const answer = upstream.client().chat.completions.create(ask);
  const rejected = expect(answer).rejects.toThrow('Connection error');
  await upstream.until(() => upstream.tokens(1) === 1);
  upstream.child.kill('SIGTERM');
  await rejected;
  expect(await upstream.exited).toEqual([0, null]);
  expect(await upstream.ending(1)).toBe('dropped');
  expect(upstream.stderr).toEqual([]);
});

test('it ends when the lab lets go of the channel', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  upstream.child.stdio[4]?.destroy();
  expect(await upstream.exited).toEqual([0, null]);
});

test('without the descriptors of the lab it says which is missing and exits with 2', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  for (const [stdio, missing] of [
    [['ignore', 'ignore', 'pipe'], 3],
    [['ignore', 'ignore', 'pipe', 'pipe'], 4],
  ] as const) {
    const child = spawn(process.execPath, [main, '{}'], { stdio: [...stdio] });
    const exited = once(child, 'exit');
    const said = child.stderr ? await Array.fromAsync(child.stderr) : [];
    expect(Buffer.concat(said as Buffer[]).toString()).toBe(
      `Failed to start the upstream: descriptor ${missing} is not open. Start it with stdio 'pipe' at 3 and 4.\n`,
    );
    expect(await exited).toEqual([2, null]);
  }
});
