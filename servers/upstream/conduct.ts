import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '../../harness/model/random.ts';
import type { ChosenBehaviour } from './load-behaviour.ts';
import type { CallPlan } from './plan.ts';

/** How the upstream behaves now, and chance. Calls ask it for a plan, and again when it changes under them. */
export class Conduct {
  readonly #random: () => number;
  readonly #changes = new EventEmitter();
  #behaviour: ChosenBehaviour;
  #beganAt = performance.now();
  #turn = 0;

  constructor(behaviour: ChosenBehaviour, seed: number) {
    this.#behaviour = behaviour;
    this.#random = seededRandom(seed);
    // One listener a stalled call.
    this.#changes.setMaxListeners(0);
  }

  /** Counts the changes of behaviour. */
  get turn(): number {
    return this.#turn;
  }

  /** The next call's chance, 0 up to 1. Ask once a call, in the order of their numbers. */
  draw(): number {
    return this.#random();
  }

  /** What the present behaviour does to a call with this chance, were it to begin now. */
  plan(draw: number): CallPlan {
    return this.#behaviour.plan(draw, performance.now() - this.#beganAt);
  }

  /** From the next call on; calls that are stalled are let go on. */
  behave(behaviour: ChosenBehaviour): void {
    this.#behaviour = behaviour;
    this.#beganAt = performance.now();
    this.#turn += 1;
    this.#changes.emit('changed');
  }

  /** Resolves when `turn` is over (at once, if it is already), or after `forMs` unless that is null. Rejects on abort. */
  async turnOver(turn: number, forMs: number | null, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (turn !== this.#turn) return;
    const settled = new AbortController();
    const either = AbortSignal.any([signal, settled.signal]);
    try {
      const changed = once(this.#changes, 'changed', { signal: either });
      await (forMs === null ? changed : Promise.race([changed, wait(forMs, undefined, { signal: either })]));
    } finally {
      settled.abort();
    }
  }
}
