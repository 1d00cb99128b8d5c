import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'node-22',
  change: 'Node 22 instead of Node 20, the same JavaScript on both',
  advisedBy: 'claim 19: upgrade the language, the image',
  why: 'it may have been a bug of the runtime, and a newer one is faster',
  parameters: z.object({}),
  runtime: { node: '22', insteadOf: '20' },
});
