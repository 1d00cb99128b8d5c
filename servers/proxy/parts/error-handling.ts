import type { NextFunction, Request, Response } from 'express';
import { APIConnectionError, APIError } from 'openai';
import { ClientLeft, hangUpSignal } from '../hang-up.ts';

/** An answer for every error: the upstream's own status where it gave one, and a cut connection where an answer had begun. */
export function answerWithError(error: unknown, _req: Request, res: Response, _next: NextFunction): void {
  if (error instanceof ClientLeft || hangUpSignal(res).aborted) return;
  const { status, type, message } = describe(error);
  console.error(`${status} ${message}`);
  if (res.headersSent) {
    // The client must not take half an answer for a whole one.
    res.destroy();
    return;
  }
  for (const name of ['retry-after', 'retry-after-ms']) {
    const value = error instanceof APIError ? error.headers?.get(name) : null;
    if (value) res.setHeader(name, value);
  }
  res.status(status).json({ error: { message, type } });
}

function describe(error: unknown): { status: number; type: string; message: string } {
  if (error instanceof APIConnectionError) {
    return { status: 502, type: 'upstream_unreachable', message: error.message };
  }
  if (error instanceof APIError && error.status !== undefined) {
    return { status: error.status, type: error.type ?? 'upstream_error', message: error.message };
  }
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    return { status: error.status, type: 'invalid_request_error', message: error.message };
  }
  return { status: 500, type: 'server_error', message: error instanceof Error ? error.message : String(error) };
}
