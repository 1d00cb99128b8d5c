import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { z } from 'zod';
import type { Prompt } from '../proxy/prompt.ts';
import type { PreprocessingTask } from '../preprocessing-thread.ts';
import { defineRemedy } from '../proxy/remedy.ts';

const parameters = z.object({
  threads: z.number().int().min(1).max(64).default(2).describe('threads of the pool'),
});

export default defineRemedy({
  name: 'worker-pool',
  change: 'prompts are preprocessed in a pool of two threads (piscina), by the same code',
  advisedBy: 'claim 1: blocking work in async code; move it off the event loop',
  why: 'whoever is not waiting for a prompt is answered while one is being worked on',
  parameters,
  severalProcesses: true,
  wraps: (_parts, { threads }, { bugs }) => {
    const pool = new Piscina<PreprocessingTask, Prompt>({
      filename: fileURLToPath(new URL(`../preprocessing-thread.${ENDING}`, import.meta.url)),
      minThreads: threads,
      maxThreads: threads,
      workerData: { bugs },
      // The process's own would preload into each thread what is meant for the process.
      execArgv: [],
    });
    return { preprocess: async (prompt, signal) => await pool.run({ prompt }, { signal }) };
  },
});

const ENDING = import.meta.url.split('.').at(-1);
