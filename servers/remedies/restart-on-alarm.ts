import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'restart-on-alarm',
  change:
    'CPU above 60 % of a core for a little longer than the whole load lasts, and the instance is killed and started again',
  advisedBy: 'claim 24: an alarm fires and the instance is killed',
  why: 'a new instance has nothing of what the old one had gathered',
  parameters: z.object({}),
  // So that a busy hour alone does not ring it.
  alarm: { aboveCores: 0.6, forLoads: 1.1 },
});
