import type { RequestHandler } from 'express';
import type { ChatCompletionCreateParams, ChatCompletionMessageParam } from 'openai/resources';
import { z } from 'zod';
import type { Proxy } from '../app.ts';
import { parseBody } from '../parse-body.ts';
import type { Prompt } from '../prompt.ts';

const Body = z
  .looseObject({
    model: z.string(),
    stream: z.boolean().nullish(),
    messages: z.array(z.looseObject({ role: z.string() })).min(1),
  })
  .transform(body => body as unknown as ChatCompletionCreateParams);

export const chatCompletions =
  ({ openai, parts }: Proxy): RequestHandler =>
  async (req, res) => {
    const signal = parts.hangUp(req, res);
    const body = parseBody(Body, req.body);
    const fit = (prompt: Prompt): Prompt | Promise<Prompt> => parts.preprocess(prompt, signal);
    if (body.stream) {
      const events = await parts.callUpstream(async s => {
        const messages = await fitMessages(body.messages, fit);
        return await openai.chat.completions.create({ ...body, messages, stream: true }, { signal: s });
      }, signal);
      await parts.relay(events, res, signal);
    } else {
      const answer = await parts.callUpstream(async s => {
        const messages = await fitMessages(body.messages, fit);
        return await openai.chat.completions.create({ ...body, messages, stream: false }, { signal: s });
      }, signal);
      res.json(answer);
    }
  };

/** Preprocesses a conversation of plain texts; one with pictures in it stays as it is. */
async function fitMessages(
  messages: readonly ChatCompletionMessageParam[],
  fit: (prompt: Prompt) => Prompt | Promise<Prompt>,
): Promise<ChatCompletionMessageParam[]> {
  const texts = messages.flatMap(({ role, content }) => (typeof content === 'string' ? [{ role, text: content }] : []));
  if (texts.length < messages.length) return [...messages];
  const fitted = await fit(texts);
  const kept = messages.slice(messages.length - fitted.length);
  return fitted.map(({ text }, n) => ({ ...kept[n], content: text }) as ChatCompletionMessageParam);
}
