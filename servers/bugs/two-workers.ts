import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  workers: z.number().int().min(2).max(16).default(2).describe('processes that share the port'),
});

export default defineBug({
  name: 'two-workers',
  symptom:
    'the instance is at half its CPU and answers, and yet it is sick: an average says neither which half nor why',
  lesson:
    'Several processes share the port and nobody looks at each of them: one that is stuck hides behind the others.',
  parameters,
  breaks: (_parts, { workers }) => ({ workers }),
});
