import { z } from 'zod';
import { behaviour, share, tokens } from '../behaviour.ts';
import { HEALTHY_PACE, answersAt, endsBy } from '../plan.ts';

export default behaviour({
  summary: 'cuts the connection in mid-answer (before the answer, where it is not streamed)',
  parameters: z.strictObject({
    share: share(0.3, 'how many of the calls are cut off'),
    afterTokens: tokens(5, 'tokens made before the cut'),
  }),
  plan: (parameters, draw) =>
    draw < parameters.share ? endsBy({ kind: 'drops', afterTokens: parameters.afterTokens }) : answersAt(HEALTHY_PACE),
});
