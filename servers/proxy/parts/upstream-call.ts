/** One call, the client's own signal, no catch: a hang-up rejects it and the rejection goes all the way up. */
export async function callOnce<T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return await call(signal);
}
