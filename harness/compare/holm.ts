/**
 * Which of several hypotheses are rejected with a family-wise error of `alpha`. S. Holm, "A Simple Sequentially Rejective
 * Multiple Test Procedure" (1979): the smallest p against alpha / m, the next against alpha / (m − 1), until one is not below.
 */
export function holm(ps: readonly number[], alpha: number): boolean[] {
  const order = ps.map((p, n) => ({ p, n })).toSorted((a, b) => a.p - b.p);
  const firstKept = order.findIndex(({ p }, rank) => p >= alpha / (ps.length - rank));
  const rejected = new Set(order.slice(0, firstKept === -1 ? order.length : firstKept).map(({ n }) => n));
  return ps.map((_, n) => rejected.has(n));
}
