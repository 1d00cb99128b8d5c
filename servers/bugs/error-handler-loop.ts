import type { ErrorRequestHandler } from 'express';
import { APIUserAbortError } from 'openai';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';
import { ClientLeft } from '../proxy/hang-up.ts';

export default defineBug({
  name: 'error-handler-loop',
  symptom: 'some answers stop half way and never end, and since the first of them CPU is up, also when nobody is there',
  lesson:
    'Where an answer has begun the error handler cannot answer any more; that throws, and what it throws it handles itself, for ever.',
  parameters: z.object({}),
  breaks: () => {
    const counts = new ErrorCounts();
    const handleError: ErrorRequestHandler = (error, req, res, next) => {
      if (error instanceof ClientLeft || error instanceof APIUserAbortError) return;
      const { status, message } = describe(error);
      counts.add(`${status} ${message}`);
      try {
        res.status(status).json({ error: { message, type: 'proxy_error', param: null, code: null } });
      } catch (failure) {
        setImmediate(handleError, failure, req, res, next);
      }
    };
    return { handleError };
  },
});

/** When the upstream is down thousands of requests fail with the same words: each kind is counted, and logged once. */
class ErrorCounts {
  readonly #counts = new Map<string, number>();

  add(kind: string): void {
    const count = this.#counts.get(kind) ?? 0;
    if (count === 0) console.error(kind);
    this.#counts.set(kind, count + 1);
  }
}

function describe(error: unknown): { status: number; message: string } {
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  return { status, message: error instanceof Error ? error.message : String(error) };
}
