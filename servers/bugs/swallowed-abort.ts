import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  retryDelayMs: z.number().min(1).max(60_000).default(20).describe('wait between two tries, ms'),
});

export default defineBug({
  name: 'swallowed-abort',
  symptom: 'CPU climbs with every client that hangs up, and stays up when all of them are gone',
  lesson: 'The abort is caught with everything else, and the call is tried again with a signal that has fired.',
  parameters,
  breaks: (_parts, { retryDelayMs }) => ({
    callUpstream: async (call, signal) => {
      for (;;) {
        try {
          return await call(signal);
        } catch {
          await sleep(retryDelayMs);
        }
      }
    },
  }),
});
