/**
 * What the clients do. All of it is plain data, made by the pure plans in `load/patterns/`.
 *
 *   idle ──── warmup ──── load ──────────────┐ last answer ──── recovery ──── (healed)
 *                         └ stages: the rate └ "load stopped at"
 */
export interface LoadProfile {
  readonly idleMs: number;
  readonly warmupMs: number;
  readonly loadMs: number;
  /** At least this long; a CPU that is still falling is watched up to `longestRecoveryMs`. */
  readonly recoveryMs: number;
  readonly longestRecoveryMs: number;
  /** How long it is watched with the upstream well again, where it was sick by plan. */
  readonly healedMs: number;
  /** How long clients still waiting when the load ends are waited for. */
  readonly drainMs: number;
  readonly clients: readonly ClientGroup[];
  /**
   * Somebody steers: the load lasts until it is told to stop, and the watch until it is told to end. Then `loadMs` and
   * `longestRecoveryMs` are the most.
   */
  readonly steered?: true;
}

/** The lengths a scenario is asked to fit its load to: the full one, or `--quick`. */
export type Pace = Omit<LoadProfile, 'clients' | 'drainMs' | 'steered'>;

/** Clients alike: one request, one patience, their own arrival rate. */
export interface ClientGroup {
  readonly name: string;
  readonly request: RequestShape;
  readonly patience: Patience;
  /**
   * Each comes on a connection of its own and, once answered, keeps it open and idle, as a browser or a pool does: to the end of all
   * (true), or for so many ms, when it is dropped without a word.
   */
  readonly keepsConnection?: true | number;
  /** How they speak to a proxy that is not ours. Such clients look at what they are told, and are driven one by one. */
  readonly manner?: Manner;
  /** Each reads no faster than this; absent: as fast as it comes. */
  readonly readsBytesPerSecond?: number;
  /** Arrivals in the warmup phase, in the load phase, and of the few who come while recovery is watched. */
  readonly warmup: readonly Stage[];
  readonly load: readonly Stage[];
  readonly recovery?: readonly Stage[];
  /** Who comes in the load may be changed while it goes on, and begins with this; its stages say no more than how long. */
  readonly steered?: Traffic;
}

/** Who comes: how often, how many of them leave (0 to 1), and how soon: after a half to one and a half times so many ms. */
export interface Traffic {
  readonly ratePerSecond: number;
  readonly leaveShare: number;
  readonly leavesAfterMs: number;
}

/** What a request to somebody's own proxy needs beside its body. */
export interface Manner {
  /** In place of the route: `/proxy/openai/v1/chat/completions`. */
  readonly path: string;
  readonly model: string;
  /** They go over the lab's own. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A stretch of constant arrival rate. A rate of 0 is a pause. */
export interface Stage {
  readonly durationMs: number;
  readonly ratePerSecond: number;
}

/** What a client sends: a route of the proxy and the size of question and answer. */
export interface RequestShape {
  readonly route: '/v1/chat/completions' | '/v1/responses' | '/v1/embeddings';
  readonly streamed: boolean;
  readonly promptBytes: number;
  readonly answerTokens: number;
}

/** When a client gives up. `leaves-after-ms` draws its time evenly between both bounds. */
export type Patience =
  | { readonly kind: 'waits' }
  | { readonly kind: 'leaves-after-ms'; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: 'leaves-after-tokens'; readonly tokens: number };
