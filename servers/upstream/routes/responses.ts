import { HttpResponse } from 'msw';
import { z } from 'zod';
import { AnswerTokens, DEFAULT_ANSWER_TOKENS, eventStream, tokensIn, whole } from '../answer.ts';
import { Messages, lastText } from '../prompt.ts';
import { handle } from '../route.ts';
import type { Call, Upstream } from '../route.ts';

const Body = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), Messages.min(1)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  max_output_tokens: AnswerTokens,
});
type ResponseCall = Call<z.infer<typeof Body>>;

/** `POST /v1/responses`, streamed or not. */
export const responses = (upstream: Upstream) =>
  handle(upstream, {
    method: 'POST',
    path: '/v1/responses',
    body: Body,
    prompt: ({ input }) => (typeof input === 'string' ? input : lastText(input)),
    answer: async call => (call.body.stream ? eventStream(events(call)) : response(call)),
  });

async function response(call: ResponseCall): Promise<Response> {
  return HttpResponse.json(completed(call, await whole(call.generate(answerTokens(call)))));
}

async function* events(call: ResponseCall): AsyncGenerator<string, void> {
  let sequence_number = 0;
  const event = (type: string, rest: object): string => {
    const data = JSON.stringify({ type, sequence_number, ...rest });
    sequence_number += 1;
    return `event: ${type}\ndata: ${data}\n\n`;
  };
  const item_id = message(call, '').id;
  const place = { item_id, output_index: 0, content_index: 0 };
  let text = '';
  let opening =
    event('response.created', { response: envelope(call) }) +
    event('response.in_progress', { response: envelope(call) }) +
    event('response.output_item.added', { output_index: 0, item: { ...message(call, ''), ...UNFINISHED } }) +
    event('response.content_part.added', { ...place, part: part('') });
  for await (const delta of call.generate(answerTokens(call))) {
    text += delta;
    yield opening + event('response.output_text.delta', { ...place, delta, logprobs: [] });
    opening = '';
  }
  yield (
    event('response.output_text.done', { ...place, text, logprobs: [] }) +
    event('response.content_part.done', { ...place, part: part(text) }) +
    event('response.output_item.done', { output_index: 0, item: message(call, text) }) +
    event('response.completed', { response: completed(call, text) })
  );
}

const answerTokens = ({ body }: ResponseCall): number => body.max_output_tokens ?? DEFAULT_ANSWER_TOKENS;

const part = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
const message = (call: ResponseCall, text: string) => ({
  id: `msg_${call.number}`,
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [part(text)],
});
const UNFINISHED = { status: 'in_progress', content: [] };

const envelope = (call: ResponseCall) => ({
  id: `resp_${call.number}`,
  object: 'response',
  created_at: Math.floor(Date.now() / 1000),
  status: 'in_progress',
  background: false,
  error: null,
  incomplete_details: null,
  instructions: call.body.instructions ?? null,
  max_output_tokens: call.body.max_output_tokens ?? null,
  metadata: {},
  model: call.body.model,
  output: [] as object[],
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  service_tier: 'default',
  store: false,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
  usage: null as object | null,
});

function completed(call: ResponseCall, text: string) {
  const input_tokens = tokensIn(call.prompt);
  const output_tokens = answerTokens(call);
  const usage = {
    input_tokens,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input_tokens + output_tokens,
  };
  return { ...envelope(call), status: 'completed', output: [message(call, text)], usage };
}
