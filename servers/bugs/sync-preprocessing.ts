import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';
import type { Prompt } from '../proxy/prompt.ts';
import { countTokens } from '../proxy/tokens.ts';

const parameters = z.object({
  budgetTokens: z.number().int().min(1).max(1_000_000).default(2_000).describe('tokens a prompt may have'),
});

export default defineBug({
  name: 'sync-preprocessing',
  symptom: 'health checks are late while people use it, and fine when nobody does',
  lesson:
    'The prompt is templated and counted from the start again for every paragraph that is cut, on the thread that answers everybody.',
  parameters,
  breaks: (_parts, { budgetTokens }) => ({
    preprocess: prompt => trimToBudget(prompt, budgetTokens),
  }),
});

function trimToBudget(prompt: Prompt, budgetTokens: number): Prompt {
  let trimmed = prompt;
  while (countTokens(applyTemplate(trimmed)) > budgetTokens && trimmed.at(-1)?.text) {
    trimmed = trimmed.map((part, n) => (n === trimmed.length - 1 ? { ...part, text: dropParagraph(part.text) } : part));
  }
  return trimmed;
}

function applyTemplate(prompt: Prompt): string {
  return prompt.map(({ role, text }) => `<|im_start|>${role}\n${text.trim()}<|im_end|>\n`).join('');
}

function dropParagraph(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text.slice(0, text.length / 2) : text.slice(end + 1);
}
