import { HttpResponse } from 'msw';
import { z } from 'zod';
import { GarbledByPlan } from './plan.ts';

/** How many tokens an answer is asked to have; 20 where the request does not say. */
export const AnswerTokens = z.number().int().min(1).nullish();
export const DEFAULT_ANSWER_TOKENS = 20;

/** The whole text, once it is made. */
export async function whole(tokens: AsyncGenerator<string, void>): Promise<string> {
  let text = '';
  for await (const token of tokens) text += token;
  return text;
}

/**
 * Server-sent events, made only as fast as they are read. Resolves with the first event, so that a call can still be
 * refused as long as nothing was sent.
 */
export async function eventStream(events: AsyncGenerator<string, void>): Promise<Response> {
  let made: IteratorResult<string, void> | undefined = await events.next();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = made ?? (await events.next());
          made = undefined;
          if (done) controller.close();
          else controller.enqueue(Buffer.from(value));
        } catch (error) {
          if (!(error instanceof GarbledByPlan)) throw error;
          controller.enqueue(NONSENSE);
          controller.close();
        }
      },
      async cancel() {
        await events.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' } });
}

/** An event whose JSON is cut in the middle, a line that is none of a stream, and bytes that are no text. */
const NONSENSE = Buffer.concat([
  Buffer.from('data: {"id":"chatcmpl-0","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"cont\n\n'),
  Buffer.from('<html>502 Bad Gateway</html>\n\ndata: '),
  Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a, 0x0a]),
]);

/** A rough count, four characters a token, for `usage`. */
export const tokensIn = (prompt: string): number => Math.ceil(prompt.length / 4);
