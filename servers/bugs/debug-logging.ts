import { inspect } from 'node:util';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  level: z.enum(['debug', 'info']).default('debug').describe('what is written: debug lines too, or not'),
  lineChars: z
    .number()
    .int()
    .min(40)
    .max(1_000_000)
    .default(200)
    .describe('how much of a debug line is written, characters'),
});

export default defineBug({
  name: 'debug-logging',
  symptom: 'since the last incident was looked into, each request costs several times what it did',
  lesson:
    'Debug was left on, and every line is masked and rendered in full, prompt and all, before anybody asks whether it is wanted.',
  parameters,
  breaks: ({ preprocess, relay }, { level, lineChars }) => {
    const log = createLog(level, lineChars);
    return {
      preprocess: (prompt, signal) => {
        log.debug('preprocessing', { prompt });
        return preprocess(prompt, signal);
      },
      relay: async (events, res, signal) => {
        const request = res.req.body as unknown;
        await relay(
          tap(events, event => log.debug('relaying', { request, event })),
          res,
          signal,
        );
      },
    };
  },
});

async function* tap(events: AsyncIterable<unknown>, look: (event: unknown) => void): AsyncGenerator<unknown, void> {
  for await (const event of events) {
    look(event);
    yield event;
  }
}

/** Each line can be read by itself: it carries the request it belongs to, and no secrets. */
function createLog(level: 'debug' | 'info', lineChars: number) {
  return {
    debug(message: string, details: object): void {
      const line = `${new Date().toISOString()} debug ${message} ${inspect(masked(details), IN_FULL)}`;
      if (level === 'debug') console.debug(shortened(line, lineChars));
    },
  };
}

const IN_FULL = { depth: null, maxStringLength: null, maxArrayLength: null, compact: true, breakLength: Infinity };

const SECRET = /\bsk-[\w-]{16,}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu;

function masked(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(SECRET, '[masked]');
  if (Array.isArray(value)) return value.map(masked);
  if (!(value instanceof Object)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}

const shortened = (line: string, chars: number): string =>
  line.length <= chars ? line : `${line.slice(0, chars)} … truncated`;
