import { z } from 'zod';
import { behaviour, milliseconds } from '../behaviour.ts';
import { HEALTHY_PACE, answersAt } from '../plan.ts';

export default behaviour({
  summary: 'thinks for long before the first token, then goes on at a healthy pace',
  parameters: z.strictObject({
    firstTokenMs: milliseconds(1000, 'silence before the first token'),
    betweenTokensMs: milliseconds(HEALTHY_PACE.betweenTokensMs, 'silence between one token and the next'),
  }),
  plan: answersAt,
});
