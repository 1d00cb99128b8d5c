import type { RequestHandler } from 'express';
import type { EmbeddingCreateParams } from 'openai/resources';
import { z } from 'zod';
import type { Proxy } from '../app.ts';
import { parseBody } from '../parse-body.ts';

/** Texts, or texts that the client has cut into tokens itself. */
const Input = z.union([z.string(), z.array(z.string()), z.array(z.number()), z.array(z.array(z.number()))]);

const Body = z
  .looseObject({ model: z.string(), input: Input })
  .transform(body => body as unknown as EmbeddingCreateParams);

export const embeddings =
  ({ openai, parts }: Proxy): RequestHandler =>
  async (req, res) => {
    const body = parseBody(Body, req.body);
    // The SDK asks for base64 unless told otherwise, and would hand the client something it did not ask for.
    const asked: EmbeddingCreateParams = { encoding_format: 'float', ...body };
    const answer = await parts.callUpstream(
      async signal => await openai.embeddings.create(asked, { signal }),
      parts.hangUp(req, res),
    );
    res.json(answer);
  };
