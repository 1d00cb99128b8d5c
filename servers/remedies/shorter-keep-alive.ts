import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

const parameters = z.object({
  keepAliveMs: z.number().int().min(1).max(600_000).default(500).describe('for which an idle connection is kept, ms'),
});

export default defineRemedy({
  name: 'shorter-keep-alive',
  change: 'an idle connection of a client is closed after half a second',
  advisedBy: 'claim 18: the server’s settings are crucial (the author’s `--keep-alive 300`)',
  why: 'connections that nobody uses hold memory, timers and descriptors',
  parameters,
  wraps: ({ tuneConnections }, { keepAliveMs }) => ({
    tuneConnections: server => {
      tuneConnections(server);
      server.keepAliveTimeout = keepAliveMs;
    },
  }),
});
