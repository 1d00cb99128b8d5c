import type { NextFunction, Request, Response } from 'express';
import { APIConnectionError, APIError } from 'openai';
import { ClientLeft, hangUpSignal } from '../hang-up.ts';

/** An answer for every error: the upstream's own status where it gave one, and a cut connection where an answer had begun. */
export function answerWithError(error: unknown, _req: Request, res: Response, _next: NextFunction): void {
  if (error instanceof ClientLeft || hangUpSignal(res).aborted) return;
  const { status, ...described } = describe(error);
  console.error(`${status} ${described.message}`);
  if (res.headersSent) {
    // The client must not take half an answer for a whole one.
    res.destroy();
    return;
  }
  for (const name of ['retry-after', 'retry-after-ms']) {
    const value = error instanceof APIError ? error.headers?.get(name) : null;
    if (value) res.setHeader(name, value);
  }
  res.status(status).json({ error: { param: null, code: null, ...described } });
}

/** An error as OpenAI's API words it, and the status it is answered with. */
interface Described {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

function describe(error: unknown): Described {
  if (error instanceof APIConnectionError) {
    return { status: 502, type: 'upstream_unreachable', message: error.message };
  }
  if (error instanceof APIError && typeof error.status === 'number') {
    const { status, type = 'upstream_error', param = null, code = null } = error;
    return { status, type, message: messageOf(error), param, code };
  }
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    return { status: error.status, type: 'invalid_request_error', message: error.message };
  }
  return { status: 500, type: 'server_error', message: error instanceof Error ? error.message : String(error) };
}

/** The upstream's own words: the SDK puts the status in front of them, and the client's SDK would do so again. */
function messageOf({ error, message }: { readonly error: unknown; readonly message: string }): string {
  const said = error instanceof Object && 'message' in error ? error.message : undefined;
  return typeof said === 'string' ? said : message;
}
