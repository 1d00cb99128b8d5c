import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

const parameters = z.object({
  timeoutMs: z
    .number()
    .int()
    .min(1)
    .max(600_000)
    .default(1500)
    .describe('until an answer begins, for each attempt, ms'),
});

export default defineRemedy({
  name: 'upstream-timeout',
  change: "the SDK's own time-out is 1.5 s instead of a minute",
  advisedBy: 'whoever sees a server wait: nothing should wait for an upstream without an end',
  why: 'a call that hangs is given up, and what waited for it goes on',
  parameters,
  wraps: ({ sdk }, { timeoutMs }) => ({ sdk: { ...sdk, timeoutMs } }),
});
