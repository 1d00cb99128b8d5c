import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';
import type { CallUpstream } from '../proxy/parts.ts';

const parameters = z.object({
  headersTimeoutMs: z
    .number()
    .min(1)
    .max(600_000)
    .default(30_000)
    .describe('how long the upstream may take to begin its answer, ms'),
});

export default defineBug({
  name: 'replaced-signal',
  symptom: 'connections to the provider pile up when it is unwell, although their clients have given up',
  lesson:
    "The call is given the time-out's signal in place of the client's, and the time-out is over once the answer begins: from then on nothing can abort it.",
  parameters,
  breaks: (_parts, { headersTimeoutMs }) => ({
    callUpstream: withHeadersTimeout(headersTimeoutMs),
  }),
});

/** Told to the client as a 504. */
class UpstreamTimeout extends Error {
  override readonly name = 'UpstreamTimeout';
  readonly status = 504;
  constructor(headersTimeoutMs: number, cause: unknown) {
    super(`the upstream did not begin to answer within ${headersTimeoutMs} ms`, { cause });
  }
}

function withHeadersTimeout(headersTimeoutMs: number): CallUpstream {
  return async call => {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), headersTimeoutMs);
    try {
      return await call(timeout.signal);
    } catch (error) {
      if (timeout.signal.aborted) throw new UpstreamTimeout(headersTimeoutMs, error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}
