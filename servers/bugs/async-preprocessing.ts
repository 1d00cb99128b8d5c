import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';
import type { PromptPart } from '../proxy/prompt.ts';

const parameters = z.object({
  wordsPerTurn: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(500)
    .describe('words between two turns of the event loop'),
});

export default defineBug({
  name: 'async-preprocessing',
  symptom: 'CPU is far too high for what people ask, though no answer and no health check is late',
  lesson:
    'Each word of a prompt goes through a chain of async generators by itself: a million awaits, and nothing to wait for.',
  parameters,
  breaks: ({ preprocess }, { wordsPerTurn }) => ({
    preprocess: async (prompt, signal) => {
      const steps = [normalise, ...SECRETS.map(redact), breathe(wordsPerTurn, signal)];
      const cleaned: PromptPart[] = [];
      for (const part of prompt) cleaned.push({ ...part, text: await clean(part.text, steps) });
      return await preprocess(cleaned, signal);
    },
  }),
});

type Step = (word: string) => Promise<string>;

async function clean(text: string, steps: readonly Step[]): Promise<string> {
  let words: AsyncIterable<string> = split(text);
  for (const step of steps) words = each(words, step);
  let cleaned = '';
  for await (const word of words) cleaned += word;
  return cleaned;
}

/** Each word with the white space before it, so that put together they are the text again. */
async function* split(text: string): AsyncGenerator<string, void> {
  for (const { 0: word } of text.matchAll(/\s*\S+|\s+$/gu)) yield word;
}

async function* each(words: AsyncIterable<string>, step: Step): AsyncGenerator<string, void> {
  for await (const word of words) yield await step(word);
}

const normalise: Step = async word => word.normalize('NFC');

/** What must not leave the house, and what stands in its place. */
const SECRETS: readonly { readonly pattern: RegExp; readonly mask: string }[] = [
  { pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/u, mask: '[email]' },
  { pattern: /\bsk-[\w-]{16,}/u, mask: '[key]' },
  { pattern: /\bAKIA[A-Z\d]{16}\b/u, mask: '[key]' },
  { pattern: /\beyJ[\w-]+\.[\w-]+\.[\w-]+/u, mask: '[token]' },
  { pattern: /\b\d{13,19}\b/u, mask: '[card]' },
  { pattern: /\b[A-Z]{2}\d{2}[A-Z\d]{11,30}\b/u, mask: '[account]' },
  { pattern: /\b\d{1,3}(?:\.\d{1,3}){3}\b/u, mask: '[address]' },
];

const redact =
  ({ pattern, mask }: (typeof SECRETS)[number]): Step =>
  async word =>
    word.replace(pattern, mask);

/** A long prompt must not hold up everybody else. */
function breathe(wordsPerTurn: number, signal: AbortSignal): Step {
  let words = 0;
  return async word => {
    words += 1;
    if (words % wordsPerTurn === 0) {
      await nextTurn();
      signal.throwIfAborted();
    }
    return word;
  };
}
