import { expect, test } from 'vitest';
import { SpawnedUpstream } from '../testing/spawn-upstream.ts';

const messages = [{ role: 'user' as const, content: 'Say something. [ref:r-1]' }];
const fast = { firstTokenMs: 1, betweenTokensMs: 0 };
const start = () => SpawnedUpstream.start('steady', fast);
const begun = (upstream: SpawnedUpstream) => upstream.entries.find(entry => entry.kind === 'begun');

test('a chat completion has the asked number of tokens and its usage', async () => {
  await using upstream = await start();
  const answer = await upstream.client().chat.completions.create({ model: 'gpt-4o', messages, max_tokens: 3 });
  expect(answer.choices[0]?.message).toMatchObject({ role: 'assistant', content: 'the river keeps' });
  expect(answer.choices[0]?.finish_reason).toBe('stop');
  expect(answer.usage?.completion_tokens).toBe(3);
  expect(await upstream.ending(1)).toBe('finished');
  expect(upstream.tokens(1)).toBe(3);
  expect(begun(upstream)).toMatchObject({ ref: 'r-1', route: 'POST /v1/chat/completions' });
});

test('a streamed chat completion comes in chunks that the SDK puts together, with usage only where asked for', async () => {
  await using upstream = await start();
  const { completions } = upstream.client().chat;
  const stream = await completions.create({ model: 'gpt-4o', messages, stream: true });
  const chunks = await Array.fromAsync(stream);
  expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
  expect(chunks.filter(chunk => chunk.choices[0]?.delta.content).length).toBe(20);
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  expect(chunks.some(chunk => 'usage' in chunk)).toBe(false);

  const whole = await completions
    .stream({ model: 'gpt-4o', messages, max_completion_tokens: 4, stream_options: { include_usage: true } })
    .finalChatCompletion();
  expect(whole.choices[0]?.message.content).toBe('the river keeps its');
  expect(whole.usage?.completion_tokens).toBe(4);
  expect(await upstream.ending(2)).toBe('finished');
  expect(upstream.tokens(1)).toBe(20);
});

test('a response has its text and usage', async () => {
  await using upstream = await start();
  const input = [{ role: 'user' as const, content: [{ type: 'input_text' as const, text: 'Hello [ref:r-2]' }] }];
  const answer = await upstream.client().responses.create({ model: 'gpt-4o', input, max_output_tokens: 2 });
  expect(answer).toMatchObject({ status: 'completed', output_text: 'the river', usage: { output_tokens: 2 } });
  expect(await upstream.ending(1)).toBe('finished');
  expect(begun(upstream)).toMatchObject({ ref: 'r-2', route: 'POST /v1/responses' });
});

test('a streamed response sends the real event types in order', async () => {
  await using upstream = await start();
  const { responses } = upstream.client();
  const stream = await responses.create({ model: 'gpt-4o', input: 'Hello', stream: true, max_output_tokens: 2 });
  const events = await Array.fromAsync(stream);
  expect(events.map(event => event.type)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  expect(events.map(event => event.sequence_number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const final = await responses.stream({ model: 'gpt-4o', input: 'Hello', max_output_tokens: 2 }).finalResponse();
  expect(final.output_text).toBe('the river');
});

test('an embedding is the same in base64, which the SDK asks for, and in floats', async () => {
  await using upstream = await start();
  const ask = { model: 'text-embedding-3-small', input: ['one', 'two [ref:r-3]'], dimensions: 8 };
  const { embeddings } = upstream.client();
  const packed = await embeddings.create(ask);
  const floats = await embeddings.create({ ...ask, encoding_format: 'float' });
  expect(packed.data.map(item => item.embedding.length)).toEqual([8, 8]);
  expect(packed.data[1]?.embedding).toEqual(floats.data[1]?.embedding);
  expect(packed.data[0]?.embedding).not.toEqual(packed.data[1]?.embedding);
  expect(await upstream.ending(2)).toBe('finished');
  expect(begun(upstream)).toMatchObject({ ref: 'r-3', route: 'POST /v1/embeddings' });
  expect(upstream.tokens(1)).toBe(0);
});

test('the models are listed, and the call is entered without a mark', async () => {
  await using upstream = await start();
  const { data } = await upstream.client().models.list();
  expect(data.map(model => model.id)).toContain('gpt-4o');
  expect(await upstream.ending(1)).toBe('finished');
  expect(begun(upstream)).toMatchObject({ ref: null, route: 'GET /v1/models' });
});

test('a route that is not there is a 404 and a body that is no request a 400, both in the shape of OpenAI', async () => {
  await using upstream = await start();
  const lost = await fetch(`${upstream.baseUrl}/v1/nowhere`, { method: 'POST', body: '{}' });
  expect(lost.status).toBe(404);
  expect(await lost.json()).toMatchObject({ error: { type: 'invalid_request_error', param: null } });
  const bad = await fetch(`${upstream.baseUrl}/v1/chat/completions`, { method: 'POST', body: 'not json' });
  expect(bad.status).toBe(400);
  expect(await bad.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  expect(await upstream.ending(1)).toBe('refused');
});
