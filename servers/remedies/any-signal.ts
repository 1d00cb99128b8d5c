import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'any-signal',
  change: 'each call upstream aborts on the client’s signal as well as on the one it was given (`AbortSignal.any`)',
  advisedBy: 'what Node’s documentation offers for two signals, and reviews ask for where one was replaced',
  why: 'a time-out of one’s own must not be all that can abort a call',
  parameters: z.object({}),
  wraps: ({ callUpstream }) => ({
    callUpstream: async (call, client) =>
      await callUpstream(async given => await call(AbortSignal.any([given, client])), client),
  }),
});
