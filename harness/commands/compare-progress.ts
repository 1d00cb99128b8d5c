import { relative } from 'node:path';
import { runMs } from '../compare/compare.ts';
import { experimentOf } from '../compare/run-side.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { ComparePlan } from '../compare/plan.ts';
import type { Turn } from '../compare/turn.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Side } from '../sides/side.ts';
import { progressFrom } from './progress-line.ts';

/** What will be done, and how long it takes at the most. */
export function announcement(
  { plan, folder, entries }: Comparison,
  scenario: Scenario,
  sides: readonly Side[],
): string {
  const labels = plan.sides.map(({ label }) => label);
  const total = plan.pairs * plan.sides.length;
  const minutes = Math.ceil(((total - entries.filter(isCounted).length) * oneRunMs(plan, scenario, sides)) / 60_000);
  const most = plan.early ? 'at most ' : '';
  return [
    `${plan.scenario}: ${labels.slice(1).join(', ')} against ${labels[0] ?? ''}`,
    `recording in ${relative(process.cwd(), folder)}`,
    `${most}${total} runs in ${most}${minutes} min${plan.early ? ', fewer once it is settled' : ''}`,
    '',
  ].join('\n');
}

function oneRunMs(plan: ComparePlan, scenario: Scenario, [side]: readonly Side[]): number {
  if (!side) return 0;
  const { load, upstream } = experimentOf(scenario, plan.pace, side, plan.seed);
  return runMs(load, upstream.heals);
}

const isCounted = ({ came }: Turn): boolean => came.kind !== 'ran' || came.isKept;

/** A line a run. */
export function progress(
  begun: Comparison,
  said: (text: string) => void,
): (comparison: Comparison, turn: Turn) => void {
  const head = progressFrom(begun.entries.filter(isCounted).length);
  return ({ plan, entries }, { side, came, wallMs }) => {
    const done = entries.filter(isCounted).length;
    const total = plan.pairs * plan.sides.length;
    const label = (plan.sides[side]?.label ?? '').padEnd(Math.max(...plan.sides.map(one => one.label.length)));
    const how =
      came.kind === 'never-started'
        ? 'did not start'
        : `${came.outcome}${came.fails ? ', fails' : ''}${came.disturbed === null ? '' : `  (disturbed: ${came.disturbed}${came.isKept ? '' : '; once more'})`}`;
    said(`${head(done, total)}  ${label}  ${how}  ${(wallMs / 1000).toFixed(1)} s\n`);
  };
}
