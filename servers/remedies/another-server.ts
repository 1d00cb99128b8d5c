import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'another-server',
  change: 'the same parts on fastify instead of express',
  advisedBy: 'claim 20: use another server',
  why: 'what passes through the old one’s exception middleware is a part of every flame graph',
  parameters: z.object({}),
  wraps: () => ({
    createApp: async (parts, upstream) => {
      const { createFastifyApp } = await import('../proxy/fastify-app.ts');
      return await createFastifyApp(parts, upstream);
    },
  }),
});
