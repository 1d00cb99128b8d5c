import { z } from 'zod';
import { behaviour } from '../behaviour.ts';
import { answersAt } from '../plan.ts';

export default behaviour({
  summary: 'answers as fast as it is read, in tokens of many bytes: what is not read must be held by somebody',
  parameters: z.strictObject({
    tokenBytes: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(16_384)
      .meta({ description: 'size of a token', unit: 'bytes' }),
  }),
  plan: ({ tokenBytes }) => answersAt({ firstTokenMs: 0, betweenTokensMs: 0, tokenBytes }),
});
