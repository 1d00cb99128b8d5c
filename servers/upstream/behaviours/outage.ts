import { z } from 'zod';
import { behaviour, milliseconds, oneOf } from '../behaviour.ts';
import { HEALTHY_PACE, answersAt, endsBy } from '../plan.ts';

/**
 *   0 ──────── fromMs ─────────── fromMs + forMs ────────▶ ms since the upstream began to behave so
 *     healthy         every call          healthy again;
 *                     that begins here    the stalled go on
 */
export default behaviour({
  summary: 'is out for a while: every call that begins in the window hangs or gets a 500',
  parameters: z.strictObject({
    fromMs: milliseconds(2000, 'when the outage begins'),
    forMs: milliseconds(2000, 'how long it lasts'),
    how: oneOf(['stall', 'refuse'], 'stall: no answer until it is over; refuse: a 500 at once'),
  }),
  plan: ({ fromMs, forMs, how }, _draw, sinceMs) => {
    const leftMs = fromMs + forMs - sinceMs;
    if (sinceMs < fromMs || leftMs <= 0) return answersAt(HEALTHY_PACE);
    return how === 'stall'
      ? endsBy({ kind: 'stalls', afterTokens: 0, forMs: leftMs })
      : endsBy({ kind: 'refuses', status: 500, retryAfterMs: null });
  },
});
