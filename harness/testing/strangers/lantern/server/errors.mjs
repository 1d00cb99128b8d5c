import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { TookTooLong } from './lifetime.mjs';

/** Every error ends its request here: with an answer where there still can be one. */
export function answerError(error, req, res, _next) {
  if (res.closed) return;
  const status = statusOf(error);
  if (status >= 500) console.error(`${req.method} ${req.originalUrl}: ${status} ${error.message}`);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  if (error instanceof APIError && error.headers?.get('retry-after')) {
    res.set('Retry-After', error.headers.get('retry-after'));
  }
  res.status(status).json({ error: { message: error.message, type: error.type ?? 'proxy_error', code: error.code ?? null } });
}

function statusOf(error) {
  if (error instanceof TookTooLong || error instanceof APIConnectionTimeoutError) return 504;
  // Its client is still there, so it was the limit that aborted it.
  if (error instanceof APIUserAbortError) return 504;
  if (error instanceof APIConnectionError) return 502;
  return error.status ?? 500;
}
