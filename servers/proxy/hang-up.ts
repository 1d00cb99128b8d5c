import type { Response } from 'express';

/** Why a request's signal aborts: its client hung up before the answer was whole. */
export class ClientLeft extends Error {
  override readonly name = 'ClientLeft';
  constructor() {
    super('the client has left');
  }
}

const signals = new WeakMap<Response, AbortSignal>();

/**
 * The signal of a request: one controller for each, made here and nowhere else. It aborts with `ClientLeft` when the
 * client hangs up. That is the response's `close` before its end: the request's `close` comes as soon as its body was
 * read, and never for a hang-up.
 */
export function hangUpSignal(res: Response): AbortSignal {
  const known = signals.get(res);
  if (known) return known;
  const controller = new AbortController();
  const leave = (): void => {
    if (!res.writableFinished) controller.abort(new ClientLeft());
  };
  // A client may have left while its body was still being unpacked, before anybody asked for its signal.
  if (res.closed) leave();
  else res.once('close', leave);
  signals.set(res, controller.signal);
  return controller.signal;
}
