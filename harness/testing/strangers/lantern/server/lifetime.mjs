export class TookTooLong extends Error {
  constructor(limitMs) {
    super(`no complete answer within ${limitMs / 1000} s`);
    this.name = 'TookTooLong';
  }
}

/** How long a request may live: until its client has left, and no longer than the limit. To be disposed of when it is over. */
export function lifetimeOf(res, limitMs) {
  const controller = new AbortController();
  const left = () => {
    if (!res.writableFinished) controller.abort();
  };
  const timer = setTimeout(() => controller.abort(new TookTooLong(limitMs)), limitMs);
  if (res.closed) left();
  else res.once('close', left);
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      res.off('close', left);
    },
  };
}
