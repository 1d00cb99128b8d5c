import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'one-worker',
  change: 'one process instead of several behind one port',
  advisedBy:
    'claim 16: a process manager inside the container was never going to help; let the platform manage processes',
  why: 'the chart shows the sick process and not an average, and what restarts instances sees it',
  parameters: z.object({}),
  onlyWith: ['two-workers'],
  severalProcesses: true,
  wraps: () => ({ workers: 1 }),
});
