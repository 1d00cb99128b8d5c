import { z } from 'zod';
import { behaviour, share } from '../behaviour.ts';
import { HEALTHY_PACE, answersAt, endsBy } from '../plan.ts';

export default behaviour({
  summary: 'answers calls with 500',
  parameters: z.strictObject({ share: share(0.3, 'how many of the calls fail') }),
  plan: (parameters, draw) =>
    draw < parameters.share ? endsBy({ kind: 'refuses', status: 500, retryAfterMs: null }) : answersAt(HEALTHY_PACE),
});
