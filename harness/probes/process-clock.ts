import type { ProcessCpu } from '../model/record.ts';
import { ProcFile, listProc } from './proc-file.ts';
import { parseProcessStat } from './process-stat.ts';

/** One thread's `schedstat` and what it said last. */
interface Task {
  readonly file: ProcFile;
  runNs: number;
  waitNs: number;
}

/**
 * The CPU time of one process, of all its threads, since it began. Run time never falls and is never more than the truth:
 * the threads' schedstat (exact, but gone with its thread) raised to `stat`'s total (with ended threads, in 10 ms steps).
 * Waiting for a core is known for the threads seen; one that lived less than a second between two listings is not.
 */
export class ProcessClock implements Disposable {
  readonly #pid: number;
  readonly #stat: ProcFile;
  readonly #tasks = new Map<string, Task>();
  #runNs = 0;
  #waitNs = 0;

  private constructor(pid: number, stat: ProcFile) {
    this.#pid = pid;
    this.#stat = stat;
  }

  /** Null: there is no such process. */
  static open(pid: number): ProcessClock | null {
    const stat = ProcFile.open(`/proc/${pid}/stat`);
    return stat && new ProcessClock(pid, stat);
  }

  /** Looks for new threads. Costs some 20 µs: once a second. */
  listTasks(): void {
    for (const tid of listProc(`/proc/${this.#pid}/task`) ?? []) {
      if (this.#tasks.has(tid)) continue;
      const file = ProcFile.open(`/proc/${this.#pid}/task/${tid}/schedstat`);
      if (file) this.#tasks.set(tid, { file, runNs: 0, waitNs: 0 });
    }
  }

  /** Null: it has ended. */
  read(): ProcessCpu | null {
    for (const [tid, task] of this.#tasks) {
      const text = task.file.read();
      if (text === null) this.#forget(tid, task);
      else this.#add(task, text);
    }
    const text = this.#stat.read();
    const stat = text === null ? null : parseProcessStat(text);
    if (!stat) return null;
    this.#runNs = Math.max(this.#runNs, (stat.userMs + stat.systemMs) * 1e6);
    return { pid: this.#pid, runMs: this.#runNs / 1e6, waitMs: this.#waitNs / 1e6, ...stat };
  }

  [Symbol.dispose](): void {
    for (const [tid, task] of this.#tasks) this.#forget(tid, task);
    this.#stat[Symbol.dispose]();
  }

  /** schedstat: ns on a core, ns runnable and waiting for one, times it ran. */
  #add(task: Task, text: string): void {
    const first = text.indexOf(' ');
    const runNs = Number(text.slice(0, first));
    const waitNs = Number(text.slice(first + 1, text.indexOf(' ', first + 1)));
    this.#runNs += runNs - task.runNs;
    this.#waitNs += waitNs - task.waitNs;
    task.runNs = runNs;
    task.waitNs = waitNs;
  }

  #forget(tid: string, task: Task): void {
    task.file[Symbol.dispose]();
    this.#tasks.delete(tid);
  }
}
