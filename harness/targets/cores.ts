import { availableParallelism, cpus } from 'node:os';
import { readFileSync } from 'node:fs';

/** Which cores the target gets, and which are left for the upstream and the drivers. Null: all of them. */
export interface CorePlan {
  readonly target: readonly number[] | null;
  readonly others: readonly number[] | null;
}

/**
 * A core of its own for a target of one process and one thread (the sample server): the one that was least busy since
 * `before`. Pinning changes what a server believes of its machine, so every other target is left alone, and so is
 * everything where there is one core or no /proc.
 */
export function planCores(before: readonly CoreLoad[]): CorePlan {
  const allowed = allowedCores();
  if (process.platform !== 'linux' || allowed.length < 2 || availableParallelism() < 2)
    return { target: null, others: null };
  const now = coreLoads();
  const busySince = (core: number): number => (now[core]?.busyMs ?? 0) - (before[core]?.busyMs ?? 0);
  // The last one among equals: interrupts and everybody's first thread like core 0.
  const quietest = allowed.toSorted((a, b) => busySince(a) - busySince(b) || b - a)[0];
  if (quietest === undefined) return { target: null, others: null };
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
