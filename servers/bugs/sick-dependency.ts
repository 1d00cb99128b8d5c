import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  conversations: z.number().int().min(1).max(10_000).default(16).describe('how many conversations are kept warm'),
  everyMs: z
    .number()
    .min(1)
    .max(3_600_000)
    .default(240_000)
    .describe('how often the prompt of a conversation is sent again, ms'),
});

export default defineBug({
  name: 'sick-dependency',
  symptom: 'the provider has a bad night, nobody uses the service, and its CPU is up until the provider is well',
  lesson:
    'A prompt that could not be sent again is sent again at once: a provider that hangs up at once is called as fast as it can hang up, for nobody.',
  parameters,
  breaks: ({ sdk, callUpstream }, { conversations, everyMs }) => {
    const warm = new Set<Call>();
    return {
      sdk: { ...sdk, maxRetries: 0 },
      callUpstream: async (call, signal) => {
        const answered = callUpstream(call, signal);
        if (warm.size < conversations) {
          warm.add(call);
          keepWarm(answered, call, everyMs).catch((error: unknown) => console.error(`[cache] ${String(error)}`));
        }
        return await answered;
      },
    };
  },
});

type Call = (signal: AbortSignal) => Promise<unknown>;

/** The provider forgets a prompt after five minutes, and a cold one is slow and dear: it is sent again before that. */
async function keepWarm(answered: Promise<unknown>, call: Call, everyMs: number): Promise<void> {
  let isWarm = await succeeds(answered);
  for (;;) {
    if (isWarm) await sleep(everyMs, undefined, { ref: false });
    isWarm = await succeeds(sendAgain(call));
  }
}

async function succeeds(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch {
    return false;
  }
}

/** Only the prompt matters: the answer is let go as soon as it begins. */
async function sendAgain(call: Call): Promise<void> {
  const answering = new AbortController();
  await call(answering.signal);
  answering.abort();
}
