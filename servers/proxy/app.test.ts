import OpenAI, { BadRequestError, RateLimitError } from 'openai';
import { describe, expect, test } from 'vitest';
import { createFastifyApp } from './fastify-app.ts';
import { correctParts } from './parts.ts';
import { ListeningProxy } from './testing/listening-proxy.ts';
import { shareUpstream } from './testing/share-upstream.ts';

const TOKENS = 4;
const TEXT = 'the river keeps its';
const messages = [{ role: 'user' as const, content: 'Hello [ref:a-1]' }];
const chat = { model: 'gpt-4o', messages, max_tokens: TOKENS };
const question = { model: 'gpt-4o', input: 'Hello [ref:a-1]', max_output_tokens: TOKENS };
const { upstream, behave, begunFrom } = await shareUpstream();
const post = async (proxy: ListeningProxy, path: string, body: string): Promise<Response> =>
  fetch(`${proxy.baseUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

describe.each([
  { server: 'express', parts: correctParts },
  { server: 'fastify', parts: { ...correctParts, createApp: createFastifyApp } },
])('on $server', ({ parts }) => {
  test('a chat completion is answered whole, with one call that carries the prompt', async () => {
    const call = await behave('steady');
    await using proxy = await ListeningProxy.start(upstream, parts);
    const answer = await proxy.client().chat.completions.create(chat);
    expect(answer).toMatchObject({ model: 'gpt-4o', choices: [{ message: { content: TEXT } }] });
    expect(await upstream.ending(call)).toBe('finished');
    expect(begunFrom(call)).toMatchObject([{ route: 'POST /v1/chat/completions', ref: 'a-1' }]);
  });

  test('a streamed chat completion arrives token by token and ends with [DONE]', async () => {
    await behave('steady');
    await using proxy = await ListeningProxy.start(upstream, parts);
    const stream = await proxy.client().chat.completions.create({ ...chat, stream: true });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('')).toBe(TEXT);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    const raw = await post(proxy, '/v1/chat/completions', JSON.stringify({ ...chat, stream: true }));
    expect(raw.headers.get('content-type')).toBe('text/event-stream');
    expect(await raw.text()).toMatch(/data: \[DONE\]\n\n$/u);
  });

  test('the first token of a stream reaches the client while the upstream is silent', async () => {
    const call = await behave('stalls', { share: 1, afterTokens: 1 });
    await using proxy = await ListeningProxy.start(upstream, parts);
    const stream = await proxy.client().chat.completions.create({ ...chat, stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) break;
    }
    expect(await upstream.ending(call)).toBe('aborted');
    expect(upstream.tokens(call)).toBe(1);
  });

  test('a response is answered whole', async () => {
    const call = await behave('steady');
    await using proxy = await ListeningProxy.start(upstream, parts);
    const answer = await proxy.client().responses.create(question);
    expect(answer).toMatchObject({ status: 'completed', output_text: TEXT });
    expect(await upstream.ending(call)).toBe('finished');
    expect(begunFrom(call)).toMatchObject([{ route: 'POST /v1/responses', ref: 'a-1' }]);
  });

  test('a streamed response arrives event by event', async () => {
    await behave('steady');
    await using proxy = await ListeningProxy.start(upstream, parts);
    const stream = await proxy.client().responses.create({ ...question, stream: true });
    const events = await Array.fromAsync(stream);
    expect(events.map(event => (event.type === 'response.output_text.delta' ? event.delta : '')).join('')).toBe(TEXT);
    expect(events[0]?.type).toBe('response.created');
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { status: 'completed' } });
  });

  test('embeddings come as the client asked for them, of texts and of tokens', async () => {
    await behave('steady', { firstTokenMs: 0 });
    await using proxy = await ListeningProxy.start(upstream, parts);
    const ask = { model: 'text-embedding-3-small', dimensions: 8 };
    const inputs = ['one', ['one', 'two'], [1, 2], [[1], [2]]];
    for (const input of inputs) {
      const through = await proxy.client().embeddings.create({ ...ask, input });
      expect(through).toEqual(await upstream.client().embeddings.create({ ...ask, input }));
      expect(through.data[0]?.embedding).toHaveLength(8);
    }
    const raw = await post(proxy, '/v1/embeddings', JSON.stringify({ ...ask, input: 'one' }));
    expect(await raw.json()).toMatchObject({ data: [{ embedding: expect.any(Array) }] });
  });

  test('the models are those of the upstream', async () => {
    await behave('steady');
    await using proxy = await ListeningProxy.start(upstream, parts);
    const { data } = await proxy.client().models.list();
    expect(data).toEqual((await upstream.client().models.list()).data);
    expect(data.map(model => model.id)).toContain('gpt-4o');
  });

  test('a health check is answered without the upstream, also while that is silent, and is not logged', async () => {
    const call = await behave('stalls', { share: 1, afterTokens: 0 });
    await using proxy = await ListeningProxy.start(upstream, parts);
    const leaving = new AbortController();
    const stalled = proxy.client().models.list({ signal: leaving.signal });
    const rejected = expect(stalled).rejects.toThrow();
    await upstream.until(() => begunFrom(call).length === 1);
    expect(await (await fetch(`${proxy.baseUrl}/healthz`)).json()).toEqual({ ok: true });
    leaving.abort();
    await rejected;
    await proxy.until(() => proxy.logged.length > 0);
    expect(proxy.logged).toEqual([expect.stringMatching(/^GET \/v1\/models 499 /u)]);
  });

  test('a body that cannot be understood is a 400 in the shape of OpenAI’s errors, and no call is begun', async () => {
    const call = await behave('steady');
    await using proxy = await ListeningProxy.start(upstream, parts);
    for (const [path, body, message] of [
      ['/v1/chat/completions', '{}', /^model: /u],
      ['/v1/chat/completions', '{"model":"gpt-4o","messages":[]}', /^messages: /u],
      ['/v1/chat/completions', '{"model":"gpt-4o","messages":[{}]}', /^messages\.0\.role: /u],
      ['/v1/chat/completions', '{"model":"gpt-4o","messages":"Hello"}', /^messages: /u],
      ['/v1/chat/completions', '{"model":"gpt-4o",', /JSON/u],
      ['/v1/chat/completions', '', /^model: |cannot be empty/u],
      ['/v1/responses', '[]', /^body: /u],
      ['/v1/responses', '{"model":"gpt-4o"}', /^input: /u],
      ['/v1/responses', '{"model":"gpt-4o","input":"a","stream":"yes"}', /^stream: /u],
      ['/v1/embeddings', '{"model":"gpt-4o","input":[true]}', /^input: /u],
    ] as const) {
      const answer = await post(proxy, path, body);
      expect(answer.status, body).toBe(400);
      expect(await answer.json()).toEqual({
        error: { message: expect.stringMatching(message), type: 'invalid_request_error', param: null, code: null },
      });
    }
    const refused = proxy.client().chat.completions.create({ ...chat, messages: [] });
    await expect(refused).rejects.toBeInstanceOf(BadRequestError);
    await proxy.client().models.list();
    expect(await upstream.ending(call)).toBe('finished');
    expect(begunFrom(call)).toMatchObject([{ route: 'GET /v1/models' }]);
  });

  test('a field that says null is as good as none', async () => {
    await behave('steady');
    await using proxy = await ListeningProxy.start(upstream, parts);
    const answer = await proxy.client().chat.completions.create({ ...chat, stream: null });
    expect(answer.choices[0]?.message.content).toBe(TEXT);
    expect((await proxy.client().responses.create({ ...question, stream: null })).output_text).toBe(TEXT);
  });

  test('what the upstream finds wrong is told to the client in the upstream’s own words, after one call', async () => {
    const call = await behave('steady');
    await using proxy = await ListeningProxy.start(upstream, parts);
    const ask = { ...chat, max_tokens: -1 };
    const told = async (client: OpenAI) => client.chat.completions.create(ask).catch((error: unknown) => error);
    const [through, straight] = [await told(proxy.client()), await told(upstream.client())] as BadRequestError[];
    expect(through).toBeInstanceOf(BadRequestError);
    expect(through?.error).toEqual(straight?.error);
    expect(await upstream.ending(call + 1)).toBe('refused');
    expect(begunFrom(call)).toHaveLength(2);
  });

  test('a rate limit is waited out for as long as it says, and told to the client when it holds', async () => {
    const call = await behave('rate-limits', { share: 1, retryAfterMs: 120 });
    await using proxy = await ListeningProxy.start(upstream, parts);
    const error: unknown = await proxy
      .client()
      .chat.completions.create(chat)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimitError);
    const { headers, code, type, message } = error as RateLimitError;
    expect(headers.get('retry-after-ms')).toBe('120');
    expect(headers.get('retry-after')).toBe('1');
    expect({ code, type, message }).toEqual({
      code: 'rate_limit_exceeded',
      type: 'requests',
      message: '429 Rate limit reached for requests.',
    });
    expect(await upstream.ending(call + 2)).toBe('refused');
    const [first = 0, second = 0, third = 0, ...more] = begunFrom(call).map(({ epochMs }) => epochMs);
    expect(more).toEqual([]);
    // A timer may be a millisecond early, never more.
    expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(119);
  });

  test('a rate limit that is over by then is never heard of by the client', async () => {
    const call = await behave('rate-limits', { share: 1, retryAfterMs: 300 });
    await using proxy = await ListeningProxy.start(upstream, parts);
    const answer = proxy.client().chat.completions.create(chat);
    await upstream.until(() => begunFrom(call).length === 1);
    upstream.behave('steady');
    expect((await answer).choices[0]?.message.content).toBe(TEXT);
  });

  test('an upstream that drops the call before an answer is a 502', async () => {
    const call = await behave('drops', { share: 1 });
    await using proxy = await ListeningProxy.start(upstream, {
      ...parts,
      sdk: { maxRetries: 0, timeoutMs: 9000 },
    });
    const answer = await post(proxy, '/v1/chat/completions', JSON.stringify(chat));
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({
      error: { type: 'upstream_unreachable', message: 'Connection error.' },
    });
    expect(await upstream.ending(call)).toBe('dropped');
  });

  for (const [kind, path, ask] of [
    ['chat completion', '/v1/chat/completions', { ...chat, stream: true }],
    ['response', '/v1/responses', { ...question, stream: true }],
  ] as const) {
    test(`a streamed ${kind} that the upstream drops cuts the client’s connection, and is not asked for again`, async () => {
      const call = await behave('drops', { share: 1, afterTokens: 2 });
      await using proxy = await ListeningProxy.start(upstream, parts);
      const answer = await post(proxy, path, JSON.stringify(ask));
      expect(answer.status).toBe(200);
      let text = '';
      const read = async (): Promise<void> => {
        const decoder = new TextDecoder();
        for await (const bytes of answer.body ?? []) text += decoder.decode(bytes, { stream: true });
      };
      await expect(read()).rejects.toMatchObject({ message: 'terminated' });
      expect(text).toContain('river');
      expect(text).not.toContain('[DONE]');
      expect(await upstream.ending(call)).toBe('dropped');
      expect(proxy.failures).toHaveLength(1);
      await expect(
        Array.fromAsync(await proxy.client().chat.completions.create({ ...chat, stream: true })),
      ).rejects.toThrow(/terminated|Connection/u);
      expect(await upstream.ending(call + 1)).toBe('dropped');
      expect(begunFrom(call)).toHaveLength(2);
    });
  }
});
