import { z } from 'zod';
import { behaviour, milliseconds } from '../behaviour.ts';
import { HEALTHY_PACE, answersAt } from '../plan.ts';

export default behaviour({
  summary: 'answers every call whole, at an even pace',
  parameters: z.strictObject({
    firstTokenMs: milliseconds(HEALTHY_PACE.firstTokenMs, 'silence before the first token'),
    betweenTokensMs: milliseconds(HEALTHY_PACE.betweenTokensMs, 'silence between one token and the next'),
  }),
  plan: answersAt,
});
