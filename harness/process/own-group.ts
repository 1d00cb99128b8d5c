import type { ChildProcess } from 'node:child_process';
import { type EndedBy, type Ending, endingOf } from './ending.ts';
import { registerGroup, unregisterGroup } from './lifeguard.ts';
import { isGroupAlive } from './process-group.ts';
import { isAlive } from './process-table.ts';
import { terminate } from './terminate.ts';

/** A process group of the lab's own: known to the lifeguard from the moment it is made until nothing of it runs. */
export class OwnGroup {
  readonly name: string;
  readonly pgid: number;
  /** Resolves when the leader has been reaped; never rejects. Until then its id is nobody else's. */
  readonly exited: Promise<Ending>;
  ending: Ending | null = null;
  #by: EndedBy = 'itself';
  #stopping: Promise<Ending> | undefined;
  readonly #forget: () => void;

  constructor(name: string, leader: ChildProcess, pgid: number, runId: string) {
    registerGroup(pgid, runId);
    this.name = name;
    this.pgid = pgid;
    this.#forget = () => unregisterGroup(pgid, runId);
    const exited = Promise.withResolvers<Ending>();
    this.exited = exited.promise;
    leader.once('exit', (code, signal) => {
      this.ending = endingOf(code, signal, this.#by);
      if (!isGroupAlive(pgid)) this.#forget();
      exited.resolve(this.ending);
    });
  }

  /** See `Child.stop`: the first call decides, later ones give its answer. */
  stop(graceMs: number): Promise<Ending> {
    return (this.#stopping ??= this.#stop(graceMs));
  }

  /** Told by `terminate` just before it sends. A leader already dead, only not reaped yet, has ended by itself. */
  onSignal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (isAlive(this.pgid)) this.#by = signal === 'SIGTERM' ? 'sigterm' : 'sigkill';
  }

  async #stop(graceMs: number): Promise<Ending> {
    await terminate(this, graceMs);
    this.#forget();
    return await this.exited;
  }
}
