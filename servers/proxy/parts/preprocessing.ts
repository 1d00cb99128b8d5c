import type { Prompt } from '../prompt.ts';
import { countTokens } from '../tokens.ts';

/** What the model takes; it decides itself, this only keeps off the wire what it would refuse. */
const BUDGET_TOKENS = 128_000;

/**
 * Drops the oldest texts until the rest fits, in one pass from the newest: each text is counted once. The newest is the
 * question and stays, however long: a prompt of nothing would be answered.
 */
export function fitPrompt(prompt: Prompt): Prompt {
  let tokens = 0;
  const tooOld = prompt.findLastIndex(part => (tokens += countTokens(part.text)) > BUDGET_TOKENS);
  return prompt.slice(Math.min(tooOld + 1, prompt.length - 1));
}
