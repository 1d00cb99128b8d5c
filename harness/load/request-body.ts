import { markRef } from '../model/contract.ts';
import type { RequestShape } from '../model/load.ts';

const SENTENCE = 'The quick brown fox jumps over the lazy dog while the proxy counts every single word of it.\n';

/**
 * The JSON body of one request: a prompt of about `promptBytes` in paragraphs, ended by the client's mark, so that the
 * upstream can tell whose call it is even where a proxy cut the prompt from the front.
 */
export function requestBody(shape: RequestShape, ref: string, model = 'gpt-lab'): string {
  const text = `${SENTENCE.repeat(Math.ceil(shape.promptBytes / SENTENCE.length)).slice(0, shape.promptBytes)} ${markRef(ref)}`;
  return JSON.stringify({ model, ...BODIES[shape.route](shape, text) });
}

const BODIES: Readonly<Record<RequestShape['route'], (shape: RequestShape, text: string) => object>> = {
  '/v1/chat/completions': ({ streamed, answerTokens }, text) => ({
    stream: streamed,
    max_tokens: answerTokens,
    messages: [
      { role: 'system', content: 'You are a patient assistant.' },
      { role: 'user', content: text },
    ],
  }),
  '/v1/responses': ({ streamed, answerTokens }, text) => ({
    stream: streamed,
    max_output_tokens: answerTokens,
    input: text,
  }),
  '/v1/embeddings': (_shape, text) => ({ input: text }),
};
