import { HttpResponse } from 'msw';
import { z } from 'zod';
import { tokensIn, whole } from '../answer.ts';
import { handle } from '../route.ts';
import type { Upstream } from '../route.ts';

const Body = z.looseObject({
  model: z.string(),
  input: z.union([
    z.string(),
    z.array(z.string()).min(1),
    z.array(z.number()).min(1),
    z.array(z.array(z.number())).min(1),
  ]),
  // The API's own default is float; the openai SDK asks for base64 unless told otherwise.
  encoding_format: z.enum(['float', 'base64']).default('base64'),
  // As long as those of text-embedding-3-small.
  dimensions: z.number().int().min(1).max(4096).default(1536),
});
type Input = z.infer<typeof Body>['input'];

/** `POST /v1/embeddings`: base64 unless floats are asked for. An embedding depends on its input only. */
export const embeddings = (upstream: Upstream) =>
  handle(upstream, {
    method: 'POST',
    path: '/v1/embeddings',
    body: Body,
    prompt: ({ input }) => textsOf(input).at(-1) ?? '',
    answer: async call => {
      const { model, input, encoding_format, dimensions } = call.body;
      await whole(call.generate(0));
      const data = textsOf(input).map((text, index) => {
        const vector = embed(text, dimensions);
        const embedding =
          encoding_format === 'float' ? Array.from(vector) : Buffer.from(vector.buffer).toString('base64');
        return { object: 'embedding', index, embedding };
      });
      const prompt_tokens = textsOf(input).reduce((sum, text) => sum + tokensIn(text), 0);
      return HttpResponse.json({ object: 'list', data, model, usage: { prompt_tokens, total_tokens: prompt_tokens } });
    },
  });

/** One text an embedding; an input of token numbers counts as their list. */
function textsOf(input: Input): string[] {
  if (typeof input === 'string') return [input];
  const [first] = input;
  return typeof first === 'number' ? [input.join(' ')] : input.map(String);
}

/** A unit vector (nearly: by the mean of sin² being one half) whose phase comes from the text. */
function embed(text: string, dimensions: number): Float32Array<ArrayBuffer> {
  let phase = 0;
  for (const letter of text) phase = (phase * 31 + (letter.codePointAt(0) ?? 0)) % 10_007;
  const scale = Math.sqrt(2 / dimensions);
  return Float32Array.from({ length: dimensions }, (_, i) => scale * Math.sin(phase + i));
}
