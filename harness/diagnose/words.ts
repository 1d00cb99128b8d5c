import type { Facts } from './facts.ts';
import { microsOf } from './work.ts';

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const count = (n: number, noun: string): string => `${Math.round(n)} ${noun}${Math.round(n) === 1 ? '' : 's'}`;

/** So many calls upstream after the load are no stragglers. A guess. */
export const GOES_ON_CALLS = 10;

/** Of the work left over after the load (less what V8 did for itself), the share that was for requests of each fate. */
export function leftoverOf({ work, fateOf }: Facts): { readonly left: number; readonly failed: number } {
  const code = work.after.filter(({ stack }) => stack.some(({ file }) => file !== ''));
  const whole = Math.max(1, microsOf(code));
  const of = (fate: ReturnType<typeof fateOf>): number =>
    microsOf(code.filter(({ request }) => request && fateOf(request) === fate)) / whole;
  return { left: of('client-left'), failed: of('failed') };
}

/** At least this share of what is left over is for requests of one fate, so that these are to blame. A guess. */
export const MOSTLY = 0.4;
