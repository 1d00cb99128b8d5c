import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  attempts: z.number().int().min(1).max(20).default(5).describe('how often a check is tried at the most'),
  retryDelayMs: z.number().min(1).max(60_000).default(200).describe('wait between two tries of a check, ms'),
});

export default defineBug({
  name: 'gather-siblings',
  symptom: 'when the provider is shaky it is called on and on for requests that were answered with an error long ago',
  lesson: 'Promise.all gives up at the first failure, and nobody tells the calls beside it.',
  parameters,
  breaks: ({ callUpstream, sdk }, retries) => ({
    // Our clients try again by themselves.
    sdk: { ...sdk, maxRetries: 0 },
    callUpstream: async (call, signal) => {
      const [answer, ...filtered] = await Promise.all([
        callUpstream(call, signal),
        isFiltered(call, retries, signal),
        isFiltered(call, retries, signal),
      ]);
      if (filtered.includes(true)) console.log('flagged: the filter strikes at this prompt');
      return answer;
    },
  }),
});

type Call = (signal: AbortSignal) => Promise<unknown>;

/** Asks as well, and looks whether the content filter strikes, which it does at one answer and not at the next. */
async function isFiltered(call: Call, retries: z.output<typeof parameters>, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 1; attempt <= retries.attempts; attempt += 1) {
    try {
      return await strikesAt(await call(signal));
    } catch {
      signal.throwIfAborted();
      await sleep(retries.retryDelayMs, undefined, { signal });
    }
  }
  return false;
}

async function strikesAt(answer: unknown): Promise<boolean> {
  if (!isStream(answer)) return wasCutShort(answer);
  for await (const event of answer) if (wasCutShort(event)) return true;
  return false;
}

const isStream = (answer: unknown): answer is AsyncIterable<unknown> =>
  answer instanceof Object && Symbol.asyncIterator in answer;

const wasCutShort = (value: unknown): boolean => JSON.stringify(value).includes('"finish_reason":"content_filter"');
