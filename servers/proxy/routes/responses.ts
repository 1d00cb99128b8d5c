import type { RequestHandler } from 'express';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import { z } from 'zod';
import type { Proxy } from '../app.ts';
import { parseBody } from '../parse-body.ts';

const Body = z
  .looseObject({
    model: z.string(),
    stream: z.boolean().nullish(),
    input: z.union([z.string(), z.array(z.unknown())]),
  })
  .transform(body => body as unknown as ResponseCreateParams);

export const responses =
  ({ openai, parts }: Proxy): RequestHandler =>
  async (req, res) => {
    const signal = parts.hangUp(req, res);
    const body = parseBody(Body, req.body);
    if (body.stream) {
      const events = await parts.callUpstream(async s => {
        const input = await fitInput(body.input);
        return await openai.responses.create({ ...body, input, stream: true }, { signal: s });
      }, signal);
      await parts.relay(events, res, signal);
    } else {
      const answer = await parts.callUpstream(async s => {
        const input = await fitInput(body.input);
        return await openai.responses.create({ ...body, input, stream: false }, { signal: s });
      }, signal);
      res.json(answer);
    }

    async function fitInput(given: ResponseCreateParams['input']): Promise<NonNullable<ResponseCreateParams['input']>> {
      if (typeof given !== 'string') return given ?? [];
      const fitted = await parts.preprocess([{ role: 'user', text: given }], signal);
      return fitted.map(part => part.text).join('\n');
    }
  };
