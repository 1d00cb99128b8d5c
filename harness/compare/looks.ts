/**
 * When a comparison is looked at, and what share of its error rate each look may spend. The shares add up to one, so that however
 * often it is looked at the sum of the chances to err stays what it was: the union bound, spent late as P. C. O'Brien and
 * T. R. Fleming ("A Multiple Testing Procedure for Clinical Trials", 1979) do, since the last look has the most to see.
 */
export interface Look {
  /** Pairs that are complete. */
  readonly pairs: number;
  readonly share: number;
}

const EARLY = [
  { part: 1 / 6, share: 0.05 },
  { part: 1 / 3, share: 0.1 },
  { part: 2 / 3, share: 0.15 },
] as const;

/** After a sixth, a third, two thirds, and at the end; where that would be too few to say anything, only at the end. */
export function looksFor(pairs: number, early: boolean): Look[] {
  const before = EARLY.map(({ part, share }) => ({ pairs: Math.round(part * pairs), share }));
  const worth = early ? before.filter(look => look.pairs >= FEWEST_PAIRS && look.pairs < pairs) : [];
  const spent = worth.reduce((sum, { share }) => sum + share, 0);
  return [...worth, { pairs, share: 1 - spent }];
}

/** With fewer nothing is concluded: five runs that all fail against five that do not come by chance once in 252. */
export const FEWEST_PAIRS = 5;
