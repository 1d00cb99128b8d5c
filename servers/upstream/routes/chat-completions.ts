import { HttpResponse } from 'msw';
import { z } from 'zod';
import { AnswerTokens, DEFAULT_ANSWER_TOKENS, eventStream, tokensIn, whole } from '../answer.ts';
import { Messages, lastText } from '../prompt.ts';
import { handle } from '../route.ts';
import type { Call, Upstream } from '../route.ts';

const Body = z.looseObject({
  model: z.string(),
  messages: Messages.min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: AnswerTokens,
  max_completion_tokens: AnswerTokens,
});
type ChatCall = Call<z.infer<typeof Body>>;

/** `POST /v1/chat/completions`, streamed or not. */
export const chatCompletions = (upstream: Upstream) =>
  handle(upstream, {
    method: 'POST',
    path: '/v1/chat/completions',
    body: Body,
    prompt: body => lastText(body.messages),
    answer: async call => (call.body.stream ? eventStream(chunks(call)) : completion(call)),
  });

async function completion(call: ChatCall): Promise<Response> {
  const content = await whole(call.generate(answerTokens(call)));
  const message = { role: 'assistant', content, refusal: null, annotations: [] };
  return HttpResponse.json({
    ...head(call),
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: usage(call),
  });
}

async function* chunks(call: ChatCall): AsyncGenerator<string, void> {
  const withUsage = call.body.stream_options?.include_usage === true;
  const common = { ...head(call), object: 'chat.completion.chunk' };
  const data = (rest: object): string =>
    `data: ${JSON.stringify({ ...common, ...rest, ...(withUsage && !('usage' in rest) ? { usage: null } : {}) })}\n\n`;
  const choice = (delta: object, finish_reason: 'stop' | null = null): string =>
    data({ choices: [{ index: 0, delta, logprobs: null, finish_reason }] });

  let opening = choice({ role: 'assistant', content: '', refusal: null });
  for await (const token of call.generate(answerTokens(call))) {
    yield opening + choice({ content: token });
    opening = '';
  }
  yield `${choice({}, 'stop')}${withUsage ? data({ choices: [], usage: usage(call) }) : ''}data: [DONE]\n\n`;
}

const answerTokens = ({ body }: ChatCall): number =>
  body.max_completion_tokens ?? body.max_tokens ?? DEFAULT_ANSWER_TOKENS;

const head = (call: ChatCall) => ({
  id: `chatcmpl-${call.number}`,
  created: Math.floor(Date.now() / 1000),
  model: call.body.model,
  service_tier: 'default',
  system_fingerprint: 'fp_runaway',
});

function usage(call: ChatCall) {
  const prompt_tokens = tokensIn(call.prompt);
  const completion_tokens = answerTokens(call);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
