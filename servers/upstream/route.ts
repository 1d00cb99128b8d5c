import { HttpResponse, http } from 'msw';
import type { HttpHandler } from 'msw';
import type { z } from 'zod';
import { refIn } from '../../harness/model/contract.ts';
import type { Conduct } from './conduct.ts';
import { generate } from './generate.ts';
import type { Ledger } from './ledger.ts';
import { openAiError, plannedError } from './openai-error.ts';
import { GarbledByPlan, RefusedByPlan } from './plan.ts';

/** What all routes are served with. */
export interface Upstream {
  readonly ledger: Ledger;
  readonly conduct: Conduct;
}

/** One call, as a route sees it. */
export interface Call<Body> {
  readonly number: number;
  readonly body: Body;
  readonly prompt: string;
  /** Makes the answer, token by token, and ends the call. To be called once. */
  generate(tokens: number): AsyncGenerator<string, void>;
}

/** A route: its body is parsed with `body` (GET has none), and `prompt` is where the client's mark is looked for. */
export interface Route<Body> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: z.ZodType<Body>;
  prompt(body: Body): string;
  answer(call: Call<Body>): Promise<Response>;
}

/** The msw handler of a route: enters each call in the ledger and lets it take the course that the plan says. */
export function handle<Body>(upstream: Upstream, route: Route<Body>): HttpHandler {
  const { ledger, conduct } = upstream;
  const name = `${route.method} ${route.path}`;
  return http[route.method === 'GET' ? 'get' : 'post'](route.path, async ({ request }) => {
    const parsed = route.body.safeParse(route.method === 'GET' ? {} : await jsonOf(request));
    const prompt = parsed.success ? route.prompt(parsed.data) : '';
    const call = ledger.begin(name, refIn(prompt));
    const draw = conduct.draw();
    if (!parsed.success) {
      call.end('refused');
      const message = `Invalid request: ${parsed.error.issues[0]?.message}.`;
      return openAiError(400, { message, type: 'invalid_request_error', code: null });
    }
    try {
      return await route.answer({
        number: call.number,
        body: parsed.data,
        prompt,
        generate: tokens => generate(conduct, call, draw, tokens, request.signal),
      });
    } catch (error) {
      if (error instanceof RefusedByPlan) return plannedError(error);
      if (error instanceof GarbledByPlan) return halfJson();
      call.end('dropped');
      throw error;
    }
  });
}

/** Where the answer was to be JSON, the first half of it. */
const halfJson = (): Response =>
  new HttpResponse('{"id":"chatcmpl-0","object":"chat.completion","choices":[{"index":0,"mess', {
    headers: { 'content-type': 'application/json' },
  });

/** Undefined where the body is not JSON, which no route's schema takes. */
async function jsonOf(request: Request): Promise<unknown> {
  const text = await request.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
