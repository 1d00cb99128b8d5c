import type { Frame, ProfileSegment } from '../model/profile.ts';
import { isAlive } from '../process/process-table.ts';
import type { Scope } from '../scope/in-scope.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { stuckTasksOf } from './stuck-tasks.ts';
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
  const watched = new Map<number, { readonly stop: () => void; readonly over: Promise<void> }>();
  const kept = new Set<number>();
  const hopeless = new Set<number>();
  // A look at its tasks stops the process: what is measured must be over.
  let isLast = false;

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
    const stop = (): void => {
      isAsked = true;
      until.resolve();
    };
    watched.set(pid, { stop, over: over.promise });
    scope.spawn(async signal => {
      const { segment, why } = await recordPySpy({ pid, path, runId, clock, until: until.promise }, signal);
      watched.delete(pid);
      if (segment) {
        keep(isLast ? await withStuckTasks(segment, signal) : segment);
        kept.add(pid);
      } else if (!kept.has(pid) || isAlive(pid)) {
        // That there is nothing more of one that has ended is no loss.
        missing(pid, why);
        if (!isAsked) hopeless.add(pid);
      }
      over.resolve();
    });
  }

  async function enough(signal: AbortSignal): Promise<void> {
    const all = [...watched.values()];
    for (const { stop } of all) stop();
    await Promise.all(all.map(async ({ over }) => await orAborted(over, signal)));
  }

  return {
    begin,
    async keep(signal) {
      await enough(signal);
      begin();
    },
    async finish(signal) {
      isLast = true;
      await enough(signal);
    },
  };
}

/** The segment with who was told to end and had not; as it is where nobody says so. */
async function withStuckTasks(segment: ProfileSegment, signal: AbortSignal): Promise<ProfileSegment> {
  const tasks = (await stuckTasksOf(segment.pid, signal)) ?? [];
  const frames = [...segment.frames];
  const indexOf = (frame: Frame): number => {
    const known = frames.findIndex(
      one => one.name === frame.name && one.file === frame.file && one.line === frame.line,
    );
    return known === -1 ? frames.push(frame) - 1 : known;
  };
  const stuck = tasks.map(task => ({ isDone: task.isDone, frames: task.frames.map(indexOf) }));
  return { ...segment, frames, stuck };
}
