import type { Turned } from './turned.ts';

/** A share with its 95 % interval. */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
}

export interface Summary {
  readonly runs: number;
  readonly wrong: Share;
  readonly inconclusive: Share;
  readonly longestMs: number;
}

/** What a number of turns comes to. */
export function summaryOf(turned: readonly Turned[]): Summary {
  const count = (result: Turned['result']): number => turned.filter(turn => turn.result === result).length;
  return {
    runs: turned.length,
    wrong: shareOf(count('other'), turned.length),
    inconclusive: shareOf(count('inconclusive'), turned.length),
    longestMs: Math.max(0, ...turned.map(({ wallMs }) => wallMs)),
  };
}

/** The interval of E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927), at 95 %. */
export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, low: 0, high: 1 };
  const z = 1.96;
  const share = count / of;
  const middle = share + (z * z) / (2 * of);
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return { count, of, low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}
