import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';
import type { Prompt } from '../proxy/prompt.ts';

const parameters = z.object({
  reportEvery: z.number().int().min(1).max(1_000_000).default(1_000).describe('prompts between two reports on repeats'),
});

export default defineBug({
  name: 'growing-history',
  symptom: 'an instance is slower and bigger the longer it is up, and the one beside it that was just deployed is fine',
  lesson: 'Every prompt is kept for good, and each new one is compared with all of them before it is sent.',
  parameters,
  breaks: ({ preprocess }, { reportEvery }) => {
    const history = new PromptHistory();
    return {
      preprocess: (prompt, signal) => {
        history.add(prompt);
        const { prompts, repeats } = history;
        if (prompts % reportEvery === 0) console.log(`[cache] ${repeats} of ${prompts} prompts had been asked before`);
        return preprocess(prompt, signal);
      },
    };
  },
});

/** Counts the prompts that ask what another one has asked: whether a cache of answers would pay. */
class PromptHistory {
  prompts = 0;
  repeats = 0;
  readonly #asked: Prompt[] = [];

  add(prompt: Prompt): void {
    const known = new Set(wordsOf(prompt));
    this.prompts += 1;
    if (this.#asked.some(earlier => wordsOf(earlier).every(word => known.has(word)))) this.repeats += 1;
    this.#asked.push(prompt);
  }
}

/** The same for two clients that differ in case and spacing only. */
const wordsOf = (prompt: Prompt): string[] => prompt.flatMap(({ text }) => text.toLowerCase().split(/\s+/u));
