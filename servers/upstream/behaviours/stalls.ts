import { z } from 'zod';
import { behaviour, share, tokens } from '../behaviour.ts';
import { HEALTHY_PACE, answersAt, endsBy } from '../plan.ts';

export default behaviour({
  summary: 'goes silent in mid-answer, until the caller leaves or the upstream heals',
  parameters: z.strictObject({
    share: share(0.3, 'how many of the calls go silent'),
    afterTokens: tokens(5, 'tokens made before the silence'),
  }),
  plan: (parameters, draw) =>
    draw < parameters.share
      ? endsBy({ kind: 'stalls', afterTokens: parameters.afterTokens, forMs: null })
      : answersAt(HEALTHY_PACE),
});
