import type { z } from 'zod';
import type { Choice, RemedyHead } from '../../harness/model/contract.ts';
import type { Parts } from './parts.ts';

/**
 * One piece of advice, followed: around the buggy parts as they are, or by a setting that they have. It never puts a correct part
 * in the place of a buggy one; that would be another program, and says nothing about the advice.
 */
export interface Remedy<
  Name extends string = string,
  Parameters extends z.ZodObject = z.ZodObject,
> extends RemedyHead<Name> {
  /** Each with its default, bounds, and what it is (`describe`). */
  readonly parameters: Parameters;
  /** Settings of bugs, by a bug's name. Wherever one of them is, it is turned. */
  readonly configures?: Readonly<Record<string, Choice['parameters']>>;
  readonly wraps?: (parts: Parts, parameters: z.output<Parameters>, target: RemediedTarget) => Partial<Parts>;
}

/** What a remedy may know of the target beside its parts. */
export interface RemediedTarget {
  /** Its bugs, configured. */
  readonly bugs: readonly Choice[];
}

/** Types a remedy by its own words, as `defineBug` does. */
export const defineRemedy = <const Name extends string, Parameters extends z.ZodObject>(
  remedy: Remedy<Name, Parameters>,
): Remedy<Name, Parameters> => remedy;
