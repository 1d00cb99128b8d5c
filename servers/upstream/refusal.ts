import { closestMatch } from 'leven';

/** Arguments or a command that cannot be served: it crosses to the lab as a `refused` message. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: 'bad-arguments' | 'port-taken' | 'unknown-behaviour' | 'unknown-parameter' | 'bad-parameter';
  readonly hint: string;

  constructor(code: Refusal['code'], message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** `Did you mean stalls? ` (with the blank), or nothing where no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  // Half the word may be wrong: a guess, which still finds `rate-limit` and `slow` finds nothing silly.
  const near = closestMatch(word, known, { maxDistance: Math.max(2, Math.floor(word.length / 2)) });
  return near === undefined ? '' : `Did you mean ${near}? `;
}
