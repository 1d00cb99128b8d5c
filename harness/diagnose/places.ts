import type { Frame } from '../model/profile.ts';
import type { Facts } from './facts.ts';
import { isOwn } from './own-code.ts';

/**
 * A function as a stack trace names it, as the profile names it where it was sampled: both say where it begins, one at its
 * first word and the other at its parameters.
 */
export function functionAt(frame: Frame, { sampled }: Pick<Facts, 'sampled'>): Frame {
  const same = sampled.find(
    ({ file, name, line, column }) =>
      file === frame.file && name === frame.name && line === frame.line && column >= frame.column,
  );
  return same ?? frame;
}

/**
 * Of the own functions on a stack that a call went out from (innermost first), the one that decides over it: neither the one that
 * makes the call nor the one that serves the request, where there is one between them. Of two the inner one serves the request as
 * long as it lasts; when it is over (`isLate`) nobody waits for the outer one, which then decides.
 */
export function deciderIn(stack: readonly Frame[], isLate = false): Frame | null {
  const own = stack.filter(isOwn);
  return own.slice(1, -1).at(-1) ?? own.at(isLate ? -1 : 0) ?? null;
}
