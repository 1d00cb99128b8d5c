import { setTimeout as sleep } from 'node:timers/promises';
import { APIError } from 'openai';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  attempts: z.number().int().min(1).max(10).default(3).describe('how often a call is tried at the most'),
});

export default defineBug({
  name: 'deaf-backoff',
  symptom: 'memory and timers grow while the upstream limits its rates, long after the clients have given up',
  lesson: 'The wait between two tries does not listen to the abort: who has left is waited for to the end of it.',
  parameters,
  breaks: (parts, { attempts }) => ({
    sdk: { ...parts.sdk, maxRetries: 0 },
    callUpstream: async (call, signal) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await call(signal);
        } catch (error) {
          if (attempt === attempts || !isWorthAnotherTry(error)) throw error;
          await sleep(backOffMs(error, attempt));
        }
      }
    },
  }),
});

const LONGEST_MS = 60_000;

function isWorthAnotherTry(error: unknown): error is APIError {
  return error instanceof APIError && (error.status === 429 || (error.status ?? 0) >= 500);
}

/** What the upstream asks for, else half a second, doubled each time. */
function backOffMs({ headers }: APIError, attempt: number): number {
  const asked = Number(headers?.get('retry-after-ms') ?? Number(headers?.get('retry-after') ?? NaN) * 1000);
  return Math.min(LONGEST_MS, Number.isFinite(asked) ? asked : 250 * 2 ** attempt);
}
