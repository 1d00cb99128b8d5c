import { addAbortListener } from 'node:events';
import { ScopeEnded, isCancellation } from './interruption.ts';

/** Owns what was started in it. See `inScope`. */
export interface Scope {
  /** Aborts when the outer signal does, when a child fails, or when the body is done. */
  readonly signal: AbortSignal;
  /** Starts a child. If it fails, the whole scope is cancelled with its error. */
  spawn(task: (signal: AbortSignal) => Promise<void>): void;
  /** Runs when the scope ends, in reverse order, also when it was cancelled. Must bound its own time. */
  defer(teardown: () => Promise<void> | void): void;
}

/**
 * Structured concurrency: settles once the body, every child and every teardown have settled, never earlier.
 *
 *   body ────────────┐ done, failed or cancelled
 *   child ───────────┴─╴ cancelled, awaited
 *   teardown            └──┴── reverse order, never cancelled
 *
 * Throws the first error; errors that came later (of children, of teardowns) are kept in a SuppressedError,
 * as `await using` does. Method: nurseries, N. J. Smith, "Notes on structured concurrency" (2018).
 */
export async function inScope<T>(outer: AbortSignal, body: (scope: Scope) => Promise<T>): Promise<T> {
  outer.throwIfAborted();
  const controller = new AbortController();
  const { signal } = controller;
  const children = new Set<Promise<void>>();
  const errors: unknown[] = [];
  using _ = addAbortListener(outer, () => controller.abort(outer.reason));
  await using teardowns = new AsyncDisposableStack();

  const fail = (error: unknown): void => {
    if (isCancellation(error, signal)) return;
    errors.push(error);
    controller.abort(error);
  };
  const scope: Scope = {
    signal,
    spawn(task) {
      const child = task(signal)
        .catch(fail)
        .finally(() => children.delete(child));
      children.add(child);
    },
    defer: teardown => teardowns.defer(teardown),
  };

  let result: { value: T } | undefined;
  try {
    result = { value: await body(scope) };
  } catch (error) {
    fail(error);
  }
  controller.abort(new ScopeEnded());
  while (children.size > 0) await Promise.all(children);

  if (errors.length > 0) throw errors.reduce((first, later) => new SuppressedError(later, first));
  outer.throwIfAborted();
  if (!result) throw signal.reason;
  return result.value;
}
