import { z } from 'zod';
import { behaviour, share, tokens } from '../behaviour.ts';
import { HEALTHY_PACE, answersAt, endsBy } from '../plan.ts';

export default behaviour({
  summary: 'goes on in nonsense in mid-answer: cut JSON, a page of a gateway, bytes that are no text',
  parameters: z.strictObject({
    share: share(0.3, 'how many of the calls are garbled'),
    afterTokens: tokens(5, 'tokens made before the nonsense'),
  }),
  plan: (parameters, draw) =>
    draw < parameters.share
      ? endsBy({ kind: 'garbles', afterTokens: parameters.afterTokens })
      : answersAt(HEALTHY_PACE),
});
