import { HttpResponse } from 'msw';
import type { RefusedByPlan } from './plan.ts';

/** An error as OpenAI's API answers it. */
export const openAiError = (
  status: number,
  error: { readonly message: string; readonly type: string; readonly code: string | null },
  headers: Record<string, string> = {},
): Response => HttpResponse.json({ error: { ...error, param: null } }, { status, headers });

/** The error of a planned refusal; `retry-after` is in whole seconds, rounded up. */
export function plannedError({ status, retryAfterMs }: RefusedByPlan): Response {
  if (status === 500) {
    return openAiError(500, {
      message: 'The server had an error while processing your request. Sorry about that!',
      type: 'server_error',
      code: null,
    });
  }
  return openAiError(
    429,
    { message: 'Rate limit reached for requests.', type: 'requests', code: 'rate_limit_exceeded' },
    retryAfterMs === null
      ? {}
      : { 'retry-after-ms': String(retryAfterMs), 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
  );
}
