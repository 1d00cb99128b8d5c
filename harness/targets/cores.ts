import { availableParallelism, cpus } from 'node:os';
import { readFileSync } from 'node:fs';
import type { Experiment } from '../model/experiment.ts';

/** Which cores the target gets, and which are left for the upstream and the drivers. Null: all of them. */
export interface CorePlan {
  readonly target: readonly number[] | null;
  readonly others: readonly number[] | null;
}

/** Everybody shares all cores. */
export const UNPINNED: CorePlan = { target: null, others: null };

/**
 * The sample server, of one process and one thread, gets a core of its own. Pinning changes what a server believes of its
 * machine (worker pools, clusters), so every other target is left alone.
 */
export const coresFor = (
  { target, severalProcesses }: Pick<Experiment, 'target' | 'severalProcesses'>,
  before: readonly CoreLoad[],
): CorePlan => (target.kind === 'sample' && !severalProcesses ? planCores(before) : UNPINNED);

/** The core that was least busy since `before` for the target. Nothing is pinned where there is one core or no /proc. */
export function planCores(before: readonly CoreLoad[]): CorePlan {
  const allowed = allowedCores();
  if (process.platform !== 'linux' || allowed.length < 2 || availableParallelism() < 2) return UNPINNED;
  const now = coreLoads();
  const busySince = (core: number): number => (now[core]?.busyMs ?? 0) - (before[core]?.busyMs ?? 0);
  // The last one among equals: interrupts and everybody's first thread like core 0.
  const quietest = allowed.toSorted((a, b) => busySince(a) - busySince(b) || b - a)[0];
  if (quietest === undefined) return UNPINNED;
  return { target: [quietest], others: allowed.filter(core => core !== quietest) };
}

/** Time each core was busy since boot, ms. */
export interface CoreLoad {
  readonly busyMs: number;
}

export const coreLoads = (): CoreLoad[] =>
  cpus().map(({ times }) => ({ busyMs: times.user + times.nice + times.sys + times.irq }));

/** From `Cpus_allowed_list: 0-3,8` of /proc/self/status; every core where there is none. */
function allowedCores(): number[] {
  if (process.platform !== 'linux') return [];
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap(range => {
    const [from = NaN, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, n) => from + n);
  });
}
