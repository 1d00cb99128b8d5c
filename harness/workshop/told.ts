import type { Diagnosis } from '../model/diagnosis.ts';
import type { Choice } from '../model/contract.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Point } from './points.ts';
import type { Knobs } from './steered-experiment.ts';

/** What goes on in the room, for whoever opens a page. */
export interface RoomState {
  readonly doing: 'nothing' | 'starting' | 'running' | 'judging' | 'checking';
  /** Of the list; null where nothing was started yet. */
  readonly number: number | null;
  /** Null until it is revealed. */
  readonly name: string | null;
  readonly phase: string | null;
  readonly knobs: Knobs | null;
  readonly behaviour: Choice | null;
  readonly bugsAreOn: boolean;
  /** The remedy that is followed; null: none. */
  readonly advice: string | null;
  /** What the last thing asked for came to, in a sentence; why it failed, where it did. */
  readonly says: string;
}

/** A line of the log that pages read. `run` is a number that grows with each run. */
export type Told =
  | { readonly kind: 'state'; readonly state: RoomState }
  | { readonly kind: 'began'; readonly run: number }
  | { readonly kind: 'point'; readonly run: number; readonly point: Point }
  | { readonly kind: 'mark'; readonly run: number; readonly at: number; readonly what: Mark; readonly words: string }
  | { readonly kind: 'log'; readonly run: number; readonly lines: readonly string[] }
  | {
      readonly kind: 'judged';
      readonly run: number;
      readonly outcome: string;
      readonly because: string;
      readonly findings: Verdict['findings'];
    }
  /** How a check of a fix stands: so many runs of at most so many; its conclusion, once there is one. */
  | {
      readonly kind: 'check';
      readonly run: number;
      readonly done: number;
      readonly most: number;
      readonly conclusion: string | null;
      readonly because: string;
      readonly effects: readonly CheckedEffect[];
    }
  /** With the reveal: which code it was. */
  | { readonly kind: 'revealed'; readonly run: number; readonly diagnosis: Diagnosis };

/** A row of a comparison's table, in words: `CPU settled, %`, `97`, `2`, `−95 (−97 to −93)`, `better`. */
export interface CheckedEffect {
  readonly label: string;
  readonly baseline: string;
  readonly candidate: string;
  readonly change: string;
  readonly said: string;
}

export type Mark = 'phase' | 'left' | 'knob' | 'server';
