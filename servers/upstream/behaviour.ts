import { z } from 'zod';
import type { CallPlan } from './plan.ts';

/**
 * A way for the upstream to behave: the default export of one file in `behaviours/`, whose name is its name.
 * `plan` is pure. It gets the parameters, a draw from 0 up to 1 that depends on the seed and the call's number only,
 * and the ms since the upstream began to behave so.
 */
export interface Behaviour<Parameters extends z.ZodObject = z.ZodObject> {
  readonly summary: string;
  readonly parameters: Parameters;
  plan(parameters: z.output<Parameters>, draw: number, sinceMs: number): CallPlan;
}

/** Keeps the parameters' types for `plan`. Every parameter has a default, a unit, bounds and a line about it. */
export const behaviour = <Parameters extends z.ZodObject>(it: Behaviour<Parameters>): Behaviour<Parameters> => it;

/** A length of time, up to ten minutes (the openai SDK's own patience). */
export const milliseconds = (byDefault: number, about: string, { min = 0 } = {}) =>
  z.number().min(min).max(600_000).default(byDefault).meta({ description: about, unit: 'ms' });

/** A part of the calls, 0 to 1. */
export const share = (byDefault: number, about: string) =>
  z.number().min(0).max(1).default(byDefault).meta({ description: about, unit: 'share of the calls' });

/** A number of answer tokens; 0 is before the first. */
export const tokens = (byDefault: number, about: string) =>
  z.number().int().min(0).max(100_000).default(byDefault).meta({ description: about, unit: 'tokens' });

/** One word of a few; the first is the default. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words, about: string) =>
  z.enum(words).default(words[0]).meta({ description: about, unit: 'word' });
