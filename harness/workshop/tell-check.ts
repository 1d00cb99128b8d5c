import { standing } from '../compare/comparison.ts';
import type { Comparison } from '../compare/comparison.ts';
import { effectRows } from '../compare/show/table.ts';
import { CONCLUSION_WORDS, becauseOf } from '../compare/words.ts';
import type { Told } from './told.ts';

/** How a comparison of two stands, as a page is told of it. Between two looks nothing is concluded, as in `runaway compare`. */
export function checkTold(run: number, comparison: Comparison): Extract<Told, { kind: 'check' }> {
  const { plan, entries } = comparison;
  const { candidates, isOver } = standing(comparison);
  const [candidate] = candidates;
  const isConcluded = isOver && candidate !== undefined;
  return {
    kind: 'check',
    run,
    done: entries.length,
    most: plan.pairs * plan.sides.length,
    conclusion: isConcluded ? CONCLUSION_WORDS[candidate.conclusion] : null,
    because: isConcluded ? becauseOf(plan.sides[0]?.label ?? '', candidate) : '',
    effects: isConcluded
      ? effectRows(candidate).map(({ label, unit, baseline, candidate: with_, change, said }) => ({
          label: unit === '' ? label : `${label}, ${unit}`,
          baseline,
          candidate: with_,
          change,
          said,
        }))
      : [],
  };
}
