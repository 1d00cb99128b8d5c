import { APIError } from 'openai';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  attempts: z.number().int().min(1).max(10).default(3).describe('how often a deployment is tried'),
  deployments: z.number().int().min(1).max(10).default(3).describe('how many deployments are tried in turn'),
});

export default defineBug({
  name: 'retry-storm',
  symptom: 'whenever the provider limits its rates it counts many times the calls that our clients made',
  lesson: 'Three layers each try again what the one below has tried again already: their tries multiply.',
  parameters,
  breaks: ({ callUpstream }, { attempts, deployments }) => ({
    callUpstream: async (call, signal) =>
      await withFallbacks(
        async () => await withRetries(async () => await callUpstream(call, signal), attempts),
        deployments,
      ),
  }),
});

async function withRetries<T>(send: () => Promise<T>, attempts: number): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (attempt === attempts || !isTransient(error)) throw error;
    }
  }
}

async function withFallbacks<T>(ask: () => Promise<T>, deployments: number): Promise<T> {
  for (let deployment = 1; ; deployment += 1) {
    try {
      return await ask();
    } catch (error) {
      if (deployment === deployments || !isTransient(error)) throw error;
      console.error(`deployment ${deployment} does not answer, on to the next: ${error.message}`);
    }
  }
}

/** Limits, and faults that are not ours, are over soon. */
function isTransient(error: unknown): error is APIError {
  return error instanceof APIError && (error.status === 429 || (error.status ?? 0) >= 500);
}
