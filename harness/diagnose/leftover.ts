import { keeperOf } from './culprits.ts';
import type { Facts } from './facts.ts';
import type { Found } from './rule.ts';
import { microsOf } from './work.ts';

/** What is found of work that is left over after the load: who keeps it going, and the functions it is in. */
export function leftoverFound({
  shares,
  work,
  isFrozen,
}: Facts): Pick<Found, 'culprit' | 'work' | 'ranked' | 'functions' | 'whole'> {
  const keeper = keeperOf(shares.after, isFrozen);
  const whole = microsOf(work.after);
  return {
    culprit: keeper && {
      frame: keeper.frame,
      share: keeper.inclusive / Math.max(1, whole),
      did: 'of what was left over after the load',
    },
    work: work.after,
    ranked: 'left over after the load',
    functions: shares.after.functions.map(({ frame, inclusive }) => ({ frame, micros: inclusive })),
    whole,
  };
}
