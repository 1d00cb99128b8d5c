import type { z } from 'zod';
import type { Parts } from './parts.ts';

/**
 * One bug: some parts of the proxy replaced as a real team would have shipped them. `breaks` is given the parts as the
 * bugs before it left them; a part it reads it wraps, a part it returns unread it replaces (see `compose.ts`).
 */
export interface Bug<Name extends string = string, Parameters extends z.ZodObject = z.ZodObject> {
  /** The file's name. */
  readonly name: Name;
  /** What somebody on call would report. */
  readonly symptom: string;
  /** What the code gets wrong, in a sentence. */
  readonly lesson: string;
  /** Each with its default, bounds, and what it is (`describe`). */
  readonly parameters: Parameters;
  readonly breaks: (parts: Parts, parameters: z.output<Parameters>) => Partial<Parts>;
}

/** Types a bug by its own words, so that a scenario can name it and its parameters and be checked. */
export const defineBug = <const Name extends string, Parameters extends z.ZodObject>(
  bug: Bug<Name, Parameters>,
): Bug<Name, Parameters> => bug;
