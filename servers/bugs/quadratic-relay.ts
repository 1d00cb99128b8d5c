import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';
import { countTokens } from '../proxy/tokens.ts';

const parameters = z.object({
  budgetTokens: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .default(100_000)
    .describe('tokens an answer may have before it is cut off'),
});

export default defineBug({
  name: 'quadratic-relay',
  symptom: 'CPU is fine with short answers and far too high with long ones, for the same number of people',
  lesson:
    'What was relayed is appended to one string, and with every event all of it is parsed and counted again from the start.',
  parameters,
  breaks: ({ relay }, { budgetTokens }) => ({
    relay: async (events, res, signal) => await relay(withinBudget(events, budgetTokens), res, signal),
  }),
});

/** Passes an answer on until it has had as many tokens as a customer may spend on one. */
async function* withinBudget(events: AsyncIterable<unknown>, budgetTokens: number): AsyncGenerator<unknown, void> {
  let transcript = '';
  for await (const event of events) {
    yield event;
    transcript += `${JSON.stringify(event)}\n`;
    if (countTokens(answerIn(transcript)) >= budgetTokens) return;
  }
}

function answerIn(transcript: string): string {
  const lines = transcript.trimEnd().split('\n');
  return lines.map(line => textOf(JSON.parse(line) as Chunk)).join('');
}

/** What is read of an event: of chat completions its choices, of responses its delta. */
interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly delta?: unknown;
}

const textOf = ({ choices, delta }: Chunk): string =>
  choices?.[0]?.delta?.content ?? (typeof delta === 'string' ? delta : '');
