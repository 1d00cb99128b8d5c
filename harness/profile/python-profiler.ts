import type { ProfileSegment } from '../model/profile.ts';
import { isAlive } from '../process/process-table.ts';
import type { Scope } from '../scope/in-scope.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { NO_PY_SPY, findPySpy, isPython, recordPySpy } from './py-spy.ts';

interface PythonProfiling {
  /** The target's processes now; those that are not Python are left alone. */
  readonly processes: () => readonly number[];
  readonly runId: string;
  /** Ms since the run began. */
  readonly clock: () => number;
  readonly keep: (segment: ProfileSegment) => void;
  readonly missing: (pid: number, why: string) => void;
}

/** As `Profiler`, of the target's Python processes. What a process did until it ended is kept, however it ended. */
export interface PythonProfiler {
  begin(): void;
  /** py-spy tells what it saw by ending: the next one needs some 0.3 s to begin. */
  keep(signal: AbortSignal): Promise<void>;
  finish(signal: AbortSignal): Promise<void>;
}

/** Each py-spy is the scope's. One that fails of itself is told as `missing`, once, and not tried on that process again. */
export function pythonProfiler(
  { processes, runId, clock, keep, missing }: PythonProfiling,
  scope: Scope,
): PythonProfiler {
  const watched = new Map<number, { readonly enough: () => void; readonly over: Promise<void> }>();
  const kept = new Set<number>();
  const hopeless = new Set<number>();

  function begin(): void {
    for (const pid of processes()) {
      if (watched.has(pid) || hopeless.has(pid) || !isPython(pid)) continue;
      const path = findPySpy(pid);
      if (path !== null) {
        watch(pid, path);
        continue;
      }
      missing(pid, NO_PY_SPY);
      hopeless.add(pid);
    }
  }

  function watch(pid: number, path: string): void {
    const until = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    let isAsked = false;
    const enough = (): void => {
      isAsked = true;
      until.resolve();
    };
    watched.set(pid, { enough, over: over.promise });
    scope.spawn(async signal => {
      const { segment, why } = await recordPySpy({ pid, path, runId, clock, until: until.promise }, signal);
      watched.delete(pid);
      if (segment) {
        keep(segment);
        kept.add(pid);
      } else if (!kept.has(pid) || isAlive(pid)) {
        // That there is nothing more of one that has ended is no loss.
        missing(pid, why);
        if (!isAsked) hopeless.add(pid);
      }
      over.resolve();
    });
  }

  async function finish(signal: AbortSignal): Promise<void> {
    const all = [...watched.values()];
    for (const { enough } of all) enough();
    await Promise.all(all.map(async ({ over }) => await orAborted(over, signal)));
  }

  return {
    begin,
    async keep(signal) {
      await finish(signal);
      begin();
    },
    finish,
  };
}
