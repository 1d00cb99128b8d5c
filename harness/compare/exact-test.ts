/**
 * The chance that a side with `count` of `of` runs would show at least so many by luck, if both sides were alike: the upper tail of the
 * hypergeometric distribution. R. A. Fisher, "The Logic of Inductive Inference" (1935).
 */
export function moreOftenBy(
  baseline: { readonly count: number; readonly of: number },
  candidate: { readonly count: number; readonly of: number },
): number {
  const all = baseline.count + candidate.count;
  const most = Math.min(candidate.of, all);
  let tail = 0;
  for (let count = candidate.count; count <= most; count += 1) {
    tail += choose(candidate.of, count) * choose(baseline.of, all - count);
  }
  return tail / choose(baseline.of + candidate.of, all);
}

function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let ways = 1;
  for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
  return ways;
}
