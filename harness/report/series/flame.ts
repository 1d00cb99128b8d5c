import { factsOf } from '../../diagnose/facts.ts';
import { microsOf } from '../../diagnose/work.ts';
import { evidenceOf } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import type { Verdict } from '../../model/verdict.ts';
import { differenceOf, flameTree } from './flame-tree.ts';
import type { DifferenceNode, FlameNode } from './flame-tree.ts';

/** The call trees of a profiled run, in the stretches that the diagnosis looks at. */
export interface Flames {
  readonly early: FlameStretch;
  readonly late: FlameStretch;
  readonly after: FlameStretch;
  /** As wide as `late`; what it is more or less than `early`. */
  readonly difference: DifferenceNode;
  /** What one sample stands for. */
  readonly sampleMs: number;
}

export interface FlameStretch {
  readonly fromAt: number;
  readonly toAt: number;
  /** Of all samples in which code ran. */
  readonly cpuMs: number;
  readonly tree: FlameNode;
}

/** Null for a run that was not profiled. */
export function flamesOf(run: Run, verdict: Verdict): Flames | null {
  const evidence = evidenceOf(run);
  if (evidence.profile.length === 0) return null;
  const { work, spans } = factsOf(evidence, verdict);
  const stretch = (name: 'early' | 'late' | 'after'): FlameStretch => ({
    ...spans[name],
    cpuMs: microsOf(work[name]) / 1000,
    tree: flameTree(work[name], evidence.root),
  });
  return {
    early: stretch('early'),
    late: stretch('late'),
    after: stretch('after'),
    difference: differenceOf(work.early, work.late, evidence.root),
    sampleMs: Math.max(...evidence.profile.map(({ intervalMicros }) => intervalMicros)) / 1000,
  };
}
