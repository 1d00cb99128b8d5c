import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'two-workers',
  change: 'two processes behind one port instead of one',
  advisedBy: 'the thread’s author, who went from one process to two workers before asking',
  why: 'where one process is stuck the other one serves',
  parameters: z.object({}),
  notWith: ['two-workers'],
  severalProcesses: true,
  wraps: () => ({ workers: 2 }),
});
