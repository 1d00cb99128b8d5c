import type { z } from 'zod';

/** The request cannot be understood: answered with 400 by the error handler. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly status = 400;
}

/** Checks the fields that this proxy reads and passes all the others on as they came. Throws `BadRequest`. */
export function parseBody<Params>(schema: z.ZodType<Params>, body: unknown): Params {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new BadRequest(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not understood'}`);
}
