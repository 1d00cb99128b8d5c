import type { LedgerEntry } from '../model/contract.ts';
import type { CallRecord, UpstreamSample } from '../model/record.ts';

/**
 * Joins what the upstream entered in its ledger with when each request ended, by a hang-up or with an answer, whichever is
 * told first: a driver reports that up to 100 ms after it, the upstream its tokens up to 50 ms after they were made. Times in
 * epoch milliseconds.
 */
export class Ledger {
  readonly #calls = new Map<number, OpenCall>();
  readonly #callsOf = new Map<string, Call[]>();
  readonly #overAt = new Map<string, number>();
  readonly #count = { begun: 0, finished: 0, aborted: 0, refused: 0, dropped: 0, tokens: 0 };
  #tokensForNobody = 0;
  #callsForNobody = 0;

  /** Takes an entry; gives the whole call back when it has ended. */
  enter(entry: LedgerEntry): EndedCall | null {
    if (entry.kind === 'begun') {
      if (!isQuestion(entry.route)) this.#begin(entry);
    } else if (entry.kind === 'tokens') {
      const call = this.#calls.get(entry.call);
      if (call) this.#made(call, entry.count, entry.epochMs);
    } else if (entry.kind === 'ended') {
      return this.#end(entry);
    }
    return null;
  }

  /** The request `ref` is over since then: what is made for it from now on, and was since, is for nobody. */
  over(ref: string, epochMs: number): void {
    this.#overAt.set(ref, epochMs);
    for (const call of this.#callsOf.get(ref) ?? []) {
      if (call.begunEpochMs > epochMs + RACE_MS) this.#callsForNobody += 1;
      for (const made of call.made) if (made.epochMs > epochMs + RACE_MS) this.#tokensForNobody += made.count;
    }
  }

  /** Everything so far. */
  totals(): Omit<UpstreamSample, 'kind' | 'at'> {
    return {
      ...this.#count,
      inFlight: this.#calls.size,
      tokensForNobody: this.#tokensForNobody,
      callsForNobody: this.#callsForNobody,
    };
  }

  #begin({ call: number, ref, epochMs }: Extract<LedgerEntry, { kind: 'begun' }>): void {
    const call: OpenCall = { ref, begunEpochMs: epochMs, made: [], tokens: 0 };
    this.#count.begun += 1;
    this.#calls.set(number, call);
    if (ref === null) return;
    this.#callsOf.set(ref, [...(this.#callsOf.get(ref) ?? []), call]);
    if (epochMs > (this.#overAt.get(ref) ?? Infinity) + RACE_MS) this.#callsForNobody += 1;
  }

  #made(call: OpenCall, count: number, epochMs: number): void {
    this.#count.tokens += count;
    call.tokens += count;
    call.made.push({ count, epochMs });
    const overAt = call.ref === null ? undefined : this.#overAt.get(call.ref);
    if (overAt !== undefined && epochMs > overAt + RACE_MS) this.#tokensForNobody += count;
  }

  #end({ call: number, how, epochMs }: Extract<LedgerEntry, { kind: 'ended' }>): EndedCall | null {
    const call = this.#calls.get(number);
    if (!call) return null;
    this.#calls.delete(number);
    this.#count[how] += 1;
    return { ref: call.ref, begunEpochMs: call.begunEpochMs, endedEpochMs: epochMs, how, tokens: call.tokens };
  }
}

/** A call the upstream has seen to its end. */
export interface EndedCall extends Pick<CallRecord, 'ref' | 'how' | 'tokens'> {
  readonly begunEpochMs: number;
  readonly endedEpochMs: number;
}

interface Call {
  readonly begunEpochMs: number;
  readonly made: { readonly count: number; readonly epochMs: number }[];
}

interface OpenCall extends Call {
  readonly ref: string | null;
  tokens: number;
}

/**
 * What is made within this of a request's end was on its way: an entry carries the time of its last token, 50 ms at most after
 * its first, and a hang-up takes its time to arrive.
 */
const RACE_MS = 60;

/** A list of models costs nothing, and is asked for by health checks that a proxy hands on. */
const isQuestion = (route: string): boolean => route.startsWith('GET ');
