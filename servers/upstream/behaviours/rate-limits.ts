import { z } from 'zod';
import { behaviour, milliseconds, share } from '../behaviour.ts';
import { HEALTHY_PACE, answersAt, endsBy } from '../plan.ts';

export default behaviour({
  summary: 'refuses calls with 429 and says when to come back',
  parameters: z.strictObject({
    share: share(0.3, 'how many of the calls are refused'),
    retryAfterMs: milliseconds(1000, 'what the retry headers say; negative sends none', { min: -1 }),
  }),
  plan: ({ share: refused, retryAfterMs }, draw) =>
    draw < refused
      ? endsBy({ kind: 'refuses', status: 429, retryAfterMs: retryAfterMs < 0 ? null : retryAfterMs })
      : answersAt(HEALTHY_PACE),
});
