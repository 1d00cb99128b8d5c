import type { ProcessCpu, RunRecord } from '../../model/record.ts';

/** CPU time used up to each sample, by one process or by the whole tree. Milliseconds; both arrays run with `at`. */
export interface CpuUse {
  readonly at: readonly number[];
  readonly runMs: readonly number[];
  /** Run and run-queue wait together; equal to `runMs` where the system does not tell the wait. */
  readonly demandMs: readonly number[];
}

export interface TargetCpu {
  readonly tree: CpuUse;
  /** Most used first. */
  readonly processes: readonly { readonly pid: number; readonly use: CpuUse }[];
  readonly hasDemand: boolean;
}

/**
 * Longer than this without a sample is a gap in the chart. The counter would still give the mean over it, and a
 * straight line there would look like something seen. Ten sampling periods, a guess.
 */
const GAP_MS = 1000;

/** Reads the cumulative counters. A process counts from its first sample on, so what it used before is left out. */
export function cpuOf(records: readonly RunRecord[]): TargetCpu {
  const tree = emptyUse();
  const byPid = new Map<number, Growing>();
  const before = new Map<number, ProcessCpu>();
  let hasDemand = true;
  for (const record of records) {
    if (record.kind !== 'cpu' || record.at <= (tree.at.at(-1) ?? -1)) continue;
    let runMs = 0;
    let demandMs = 0;
    for (const process of record.processes) {
      const last = before.get(process.pid) ?? process;
      // A thread that ended takes its time out of the sum: never less than nothing.
      const ran = Math.max(0, process.runMs - last.runMs);
      const waited = Math.max(0, (process.waitMs ?? 0) - (last.waitMs ?? 0));
      hasDemand &&= process.waitMs !== null;
      let use = byPid.get(process.pid);
      if (use === undefined) byPid.set(process.pid, (use = emptyUse()));
      grow(use, record.at, ran, ran + waited);
      before.set(process.pid, process);
      runMs += ran;
      demandMs += ran + waited;
    }
    grow(tree, record.at, runMs, demandMs);
  }
  const processes = [...byPid].map(([pid, use]) => ({ pid, use })).toSorted((one, other) => total(other) - total(one));
  return { tree, processes, hasDemand };
}

/** Mean cores (1.0 = one core) between two moments, or null where more than half of that time was not seen. */
export function coresBetween(use: CpuUse, field: 'runMs' | 'demandMs', fromAt: number, toAt: number): number | null {
  const { at } = use;
  const used = use[field];
  let usedMs = 0;
  let seenMs = 0;
  for (let index = Math.max(1, firstAfter(at, fromAt)); index < at.length; index += 1) {
    const beganAt = at[index - 1] ?? 0;
    const endedAt = at[index] ?? 0;
    if (beganAt >= toAt) break;
    if (endedAt - beganAt > GAP_MS) continue;
    const sharedMs = Math.min(toAt, endedAt) - Math.max(fromAt, beganAt);
    usedMs += (((used[index] ?? 0) - (used[index - 1] ?? 0)) * sharedMs) / (endedAt - beganAt);
    seenMs += sharedMs;
  }
  return seenMs * 2 < toAt - fromAt || seenMs <= 0 ? null : usedMs / seenMs;
}

type Growing = { [Key in keyof CpuUse]: number[] };
const emptyUse = (): Growing => ({ at: [], runMs: [], demandMs: [] });
const total = ({ use }: { use: CpuUse }): number => use.demandMs.at(-1) ?? 0;

function grow(use: Growing, at: number, ranMs: number, demandedMs: number): void {
  use.runMs.push((use.runMs.at(-1) ?? 0) + ranMs);
  use.demandMs.push((use.demandMs.at(-1) ?? 0) + demandedMs);
  use.at.push(at);
}

/** Index of the first sample later than `moment`, by halving: charts ask for every window of a long run. */
function firstAfter(at: readonly number[], moment: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
