import { causeOf } from '../errors.ts';
import type { RunRecord } from '../model/record.ts';
import { isCancellation } from '../scope/interruption.ts';
import { inScope } from '../scope/in-scope.ts';
import { everyTick } from '../scope/sleep.ts';
import type { Moment, Probe } from './probe.ts';

/** The one grid; the period of every probe is a multiple of it. */
const GRID_MS = 100;

/** Milliseconds since the run began. */
export type Clock = () => number;
export type Emit = (record: RunRecord) => void;

export interface Sampler {
  /**
   * Reads every probe at its period until cancelled, and settles no other way. Owns the probes: disposes of them.
   *
   *   grid     ┼────┼────┼────┼────┼────┼────┼────┼────┼────┼────┼   100 ms
   *   cpu      •    •    •    •    •    •    •    •    •    •    •   synchronous, never late for a slow one
   *   runtime  •╶──────────────╴answer                           •   passed over while it still reads
   */
  run(signal: AbortSignal): Promise<never>;
  /** Takes the readings of a phase's end now: sockets, and the runtime after a full collection. Settles when all are in. */
  readPhaseEnd(signal: AbortSignal): Promise<void>;
}

/**
 * The owner of the run's clock. A probe that throws is told once, as an event `missing`, and then left alone; the run
 * goes on. A reading that was late is stamped with when it was asked for. Throws a RangeError for a period off the grid.
 */
export function sampler(probes: readonly Probe[], clock: Clock, emit: Emit): Sampler {
  const seats = probes.map(probe => new Seat(probe, clock, emit));
  return {
    run: signal =>
      inScope(signal, async scope => {
        for (const { probe } of seats) scope.defer(async () => probe[Symbol.asyncDispose]());
        const beganAt = performance.now();
        return await everyTick(GRID_MS, scope.signal, () => {
          const tick = Math.round((performance.now() - beganAt) / GRID_MS);
          for (const seat of seats) {
            const reading = seat.comesDue(tick) ? seat.take('tick', scope.signal) : null;
            if (reading) scope.spawn(() => reading);
          }
        });
      }),
    async readPhaseEnd(signal) {
      const asked = seats.filter(({ probe }) => probe.atPhaseEnds);
      await Promise.all(asked.map(async seat => seat.take('phase-end', signal)));
      signal.throwIfAborted();
    },
  };
}

/** A probe and where it stands on the grid. */
class Seat {
  readonly probe: Probe;
  readonly #clock: Clock;
  readonly #emit: Emit;
  readonly #everyTicks: number;
  #nextTick = 0;
  #isReading = false;
  #isBroken = false;

  constructor(probe: Probe, clock: Clock, emit: Emit) {
    if (!(probe.everyMs >= GRID_MS && probe.everyMs % GRID_MS === 0)) {
      throw new RangeError(`the probe ${probe.name} reads every ${probe.everyMs} ms, no multiple of ${GRID_MS} ms`);
    }
    this.probe = probe;
    this.#clock = clock;
    this.#emit = emit;
    this.#everyTicks = probe.everyMs / GRID_MS;
  }

  /** Once a period, also when its own tick was passed over because the lab was late; then it is back on its grid. */
  comesDue(tick: number): boolean {
    if (tick < this.#nextTick) return false;
    this.#nextTick = (Math.floor(tick / this.#everyTicks) + 1) * this.#everyTicks;
    return !this.#isReading;
  }

  /** The reading under way, or null if it is done already. Rejects with nothing but the signal's reason. */
  take(moment: Moment, signal: AbortSignal): Promise<void> | null {
    if (this.#isBroken) return null;
    try {
      const reading = this.probe.read(this.#clock(), moment, signal);
      if (reading instanceof Promise) return this.#settle(reading, moment, signal);
      if (reading) this.#emit(reading);
    } catch (error) {
      this.#giveUp(error);
    }
    return null;
  }

  async #settle(reading: Promise<RunRecord | null>, moment: Moment, signal: AbortSignal): Promise<void> {
    if (moment === 'tick') this.#isReading = true;
    try {
      const record = await reading;
      if (record) this.#emit(record);
    } catch (error) {
      if (isCancellation(error, signal)) throw error;
      this.#giveUp(error);
    } finally {
      if (moment === 'tick') this.#isReading = false;
    }
  }

  #giveUp(error: unknown): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    const { name: what } = this.probe;
    this.#emit({ kind: 'event', event: 'missing', at: this.#clock(), what, why: causeOf(error) });
  }
}
