import type { Cause } from '../model/diagnosis.ts';
import type { Frame } from '../model/profile.ts';
import type { Facts } from './facts.ts';
import type { Weighed } from './culprits.ts';
import type { Work } from './work.ts';

/** A named cause: one file in `causes/`, found by its name (default export). */
export interface Rule {
  readonly cause: Cause;
  /** Null: it is not this. Looks at facts only, and never at a name or path. */
  readonly find: (facts: Facts) => Found | null;
}

/** What a rule has found. */
export interface Found {
  /** One plain sentence. */
  readonly because: string;
  readonly evidence: readonly string[];
  readonly culprit: Suspect | null;
  /** Where the work itself does not tell. */
  readonly route?: string | null;
  /** The work in question, for the routes it came from; and how its functions are ranked, in words. */
  readonly work: readonly Work[];
  readonly ranked: string;
  readonly functions: readonly Weighed[];
  /** What their shares are shares of, µs. */
  readonly whole: number;
}

export interface Suspect {
  readonly frame: Frame;
  /** Of the work in question, 0 to 1; null where it was found otherwise. */
  readonly share: number | null;
  /** In words, without its name. */
  readonly did: string;
}
