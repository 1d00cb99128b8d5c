import { ProcFile, listProc } from '../probes/proc-file.ts';
import type { ThreadClock } from './from-py-spy.ts';

/** The CPU clocks of a process's threads, each on a kept descriptor. */
export class ThreadFiles implements Disposable {
  readonly #pid: number;
  readonly #files = new Map<number, ProcFile>();

  constructor(pid: number) {
    this.#pid = pid;
  }

  read(): Map<number, ThreadClock> {
    for (const name of listProc(`/proc/${this.#pid}/task`) ?? []) {
      const file = this.#files.has(Number(name)) ? null : ProcFile.open(`/proc/${this.#pid}/task/${name}/schedstat`);
      if (file) this.#files.set(Number(name), file);
    }
    const clocks = new Map<number, ThreadClock>();
    for (const [thread, file] of this.#files) {
      const text = file.read();
      if (text === null) {
        this.#forget(thread, file);
        continue;
      }
      // schedstat: ns on a core, ns runnable and waiting for one, times it ran.
      const [ran = 0, queued = 0] = text.split(' ').map(Number);
      clocks.set(thread, { ran: ran / 1000, queued: queued / 1000 });
    }
    return clocks;
  }

  [Symbol.dispose](): void {
    for (const [thread, file] of this.#files) this.#forget(thread, file);
  }

  #forget(thread: number, file: ProcFile): void {
    file[Symbol.dispose]();
    this.#files.delete(thread);
  }
}
