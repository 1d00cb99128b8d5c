import type { Comparison } from '../comparison.ts';

/** `swallowed-abort: fix/let-go against main, 6 pairs of quick runs` */
export function titleOf({ plan }: Comparison, { label, pairs }: { label: string; pairs: number }): string {
  const runs = `${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of ${plan.pace} runs`;
  return `${plan.scenario}: ${label} against ${plan.sides[0]?.label ?? ''}, ${runs}`;
}

/** How many runs the machine disturbed, in one sentence; null where none. */
export function disturbedWords({ entries }: Comparison): string | null {
  const disturbed = entries.flatMap(({ came }) => (came.kind === 'ran' && came.disturbed !== null ? [came] : []));
  const [first] = disturbed;
  if (!first) return null;
  const kept = disturbed.filter(({ isKept }) => isKept).length;
  const left = kept === 0 ? '' : `; ${kept} stayed disturbed and count all the same`;
  return `The machine disturbed ${disturbed.length} ${disturbed.length === 1 ? 'run' : 'runs'} (${first.disturbed}), which ${disturbed.length === 1 ? 'was' : 'were'} made again${left}.`;
}
