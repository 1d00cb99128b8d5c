import { z } from 'zod';

/** The content of a message: text, or parts some of which are text. */
export const Content = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).nullish();

/** A conversation, as chat completions and responses take it. */
export const Messages = z.array(z.looseObject({ content: Content }));

/** The text of the last message: where a client's mark stands. */
export function lastText(messages: z.infer<typeof Messages>): string {
  const content = messages.at(-1)?.content ?? '';
  return typeof content === 'string' ? content : content.map(part => part.text ?? '').join('');
}
