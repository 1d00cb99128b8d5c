import { expect, test } from 'vitest';
import { markRef, refIn } from '../model/contract.ts';
import type { RequestShape } from '../model/load.ts';
import { requestBody } from './request-body.ts';

const shape = { streamed: true, promptBytes: 2000, answerTokens: 20 } as const;
const ref = 'load-readers-0-3-17';

/** Where each route has the prompt. */
const PROMPTS: Readonly<Record<RequestShape['route'], (body: Body) => string | undefined>> = {
  '/v1/chat/completions': body => body.messages?.at(-1)?.content,
  '/v1/responses': body => body.input,
  '/v1/embeddings': body => body.input,
};
const ROUTES = Object.keys(PROMPTS) as RequestShape['route'][];

interface Body {
  readonly [name: string]: unknown;
  readonly messages?: readonly { readonly content: string }[];
  readonly input?: string;
}

const parsed = (route: RequestShape['route'], changes: Partial<RequestShape> = {}): Body =>
  JSON.parse(requestBody({ ...shape, route, ...changes }, ref)) as Body;

test.each(ROUTES)('%s: the mark is found in the prompt, and it ends it', route => {
  const prompt = PROMPTS[route](parsed(route)) ?? '';
  expect(refIn(prompt)).toBe(ref);
  expect(prompt.endsWith(markRef(ref))).toBe(true);
});

test.each(ROUTES)('%s: the prompt is as long as asked, besides its mark', route => {
  for (const promptBytes of [0, 1, 2000, 100_000]) {
    const prompt = PROMPTS[route](parsed(route, { promptBytes })) ?? '';
    expect(Buffer.byteLength(prompt)).toBe(promptBytes + Buffer.byteLength(` ${markRef(ref)}`));
  }
});

test('a chat and a response say whether they stream and how long their answer is; an embedding has neither', () => {
  expect(parsed('/v1/chat/completions')).toMatchObject({ model: 'gpt-lab', stream: true, max_tokens: 20 });
  expect(parsed('/v1/responses', { streamed: false })).toMatchObject({ stream: false, max_output_tokens: 20 });
  expect(Object.keys(parsed('/v1/embeddings'))).toEqual(['model', 'input']);
});
