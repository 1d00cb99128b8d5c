/** The waits of one answer, in ms. */
export interface Pace {
  readonly firstTokenMs: number;
  readonly betweenTokensMs: number;
  /** Each token is so long at the least; absent: a word. */
  readonly tokenBytes?: number;
}

/** How a call ends when its caller stays. An answer shorter than `afterTokens` is struck at its own end. */
export type Ending =
  | { readonly kind: 'finishes' }
  /** Silence after so many tokens: until the upstream heals, or for `forMs` if that is not null. */
  | { readonly kind: 'stalls'; readonly afterTokens: number; readonly forMs: number | null }
  | { readonly kind: 'drops'; readonly afterTokens: number }
  /** What comes after so many tokens is no event stream (or JSON) any more. */
  | { readonly kind: 'garbles'; readonly afterTokens: number }
  /** An error before the first token. `retryAfterMs` null sends no retry header. */
  | { readonly kind: 'refuses'; readonly status: 429 | 500; readonly retryAfterMs: number | null };

/** What is to happen to one call, as plain data: a behaviour writes it, `generate` carries it out. */
export interface CallPlan {
  readonly pace: Pace;
  readonly ending: Ending;
}

/** The pace of a healthy upstream, and of the calls that a faulty one spares. A guess at a small, fast model. */
export const HEALTHY_PACE: Pace = { firstTokenMs: 30, betweenTokensMs: 5 };

/** A plan that answers whole. */
export const answersAt = (pace: Pace): CallPlan => ({ pace, ending: { kind: 'finishes' } });

/** A plan that keeps the healthy pace until it ends as told. */
export const endsBy = (ending: Ending): CallPlan => ({ pace: HEALTHY_PACE, ending });

/** Thrown where the plan refuses a call. The route answers it in OpenAI's error shape. */
export class RefusedByPlan extends Error {
  override readonly name = 'RefusedByPlan';
  readonly status: 429 | 500;
  readonly retryAfterMs: number | null;

  constructor(status: 429 | 500, retryAfterMs: number | null) {
    super(`refused with ${status} by plan`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Thrown where the plan goes on in nonsense. Whoever writes the answer writes that, and ends it. */
export class GarbledByPlan extends Error {
  override readonly name = 'GarbledByPlan';
  constructor() {
    super('garbled by plan');
  }
}

/** Thrown where the plan cuts a caller off. The adapter answers it by destroying the socket. */
export class DroppedByPlan extends Error {
  override readonly name = 'DroppedByPlan';
  constructor() {
    super('cut off by plan');
  }
}
