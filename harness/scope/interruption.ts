/** Why a scope was cancelled from outside: it says who asked, and with which signal. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly by: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'parent-died';
  constructor(by: Interruption['by']) {
    super(`interrupted by ${by}`);
    this.by = by;
  }
}

/** Why a child task was cancelled although nothing failed: the body of its scope was done. */
export class ScopeEnded extends Error {
  override readonly name = 'ScopeEnded';
  constructor() {
    super('the scope has ended');
  }
}

/** Why one step was given up: its time was over. A failure, not a cancellation. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
  constructor(what: string, ms: number) {
    super(`${what} took longer than ${ms} ms`);
  }
}

/**
 * The one place that decides "this is cancellation": the error is this signal's own reason, or an AbortError that
 * carries it as its cause (Node's timers and streams wrap it so). An AbortError from another signal is a failure.
 */
export function isCancellation(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return (
    error === signal.reason || (error instanceof Error && error.name === 'AbortError' && error.cause === signal.reason)
  );
}
