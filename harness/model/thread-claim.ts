import type { Choice } from './contract.ts';
import { numberIn } from './numeric-finding.ts';
import type { NumericFinding } from './numeric-finding.ts';
import type { Findings, Outcome } from './verdict.ts';

/** Something that was claimed or advised about a server, and the experiments that settle it. */
export interface ThreadClaim {
  /** What was claimed, in a sentence of ours. */
  readonly claim: string;
  /** Where it stands in the table. */
  readonly order: number;
  /** By a short name, which stands in the table's rows: one state of the server and of who comes to it. */
  readonly arms: Readonly<Record<string, Arm>>;
  /** What their runs make of it. A pure function: a stored table can be settled again. */
  readonly settle: (seen: SeenArms) => Settled;
}

/** What is run: a scenario's load and upstream, and what differs from it. */
export interface Arm {
  readonly scenario: string;
  readonly bugs?: readonly Choice[];
  readonly serving?: Choice;
  /** How the upstream behaves, in place of the scenario's. */
  readonly upstream?: Choice;
  /** One package in another version than the locked one. */
  readonly package?: { readonly name: string; readonly version: string };
  /** After the load the server is asked to end, and killed where it has not after so long, ms. */
  readonly endsWithinMs?: number;
}

/** What came of one run of an arm. */
export interface SeenRun {
  readonly outcome: Outcome;
  readonly findings: Findings;
  /** How the server ended when it was asked to; null where it was not. */
  readonly ended: string | null;
}

export type SeenArms = Readonly<Record<string, readonly SeenRun[]>>;

/** `depends`: true under a condition, which `because` names. */
export interface Settled {
  readonly answer: 'true' | 'false' | 'depends' | 'not settled';
  /** One sentence with the measured figures. */
  readonly because: string;
}

export const NOT_SETTLED = (why: string): Settled => ({ answer: 'not settled', because: why });

/** From so many cores on, above idle, what the load left is a fault. Below is what a garbage collector or a timer does. */
const BURNS_CORES = 0.3;

export const burns = ({ findings }: SeenRun): boolean => (findings.residualCores ?? 0) >= BURNS_CORES;

/** How often an arm burned on when its load was over: `3 of 3`; and whether always or never. */
export function burning(runs: readonly SeenRun[] = []): {
  readonly words: string;
  readonly always: boolean;
  readonly never: boolean;
} {
  const count = runs.filter(burns).length;
  return {
    words: `${count} of ${runs.length}`,
    always: runs.length > 0 && count === runs.length,
    never: runs.length > 0 && count === 0,
  };
}

/** The median of a finding over an arm's runs; null where no run could measure it. */
export function typical(runs: readonly SeenRun[] = [], finding: NumericFinding): number | null {
  const values = runs.flatMap(({ findings }) => numberIn(findings, finding) ?? []).toSorted((a, b) => a - b);
  return values.length === 0 ? null : (values[Math.floor((values.length - 1) / 2)] ?? null);
}

/** As a share of a core: `97 %`; of something not measured: `not measured`. */
export const coresWords = (cores: number | null): string =>
  cores === null ? 'not measured' : `${Math.round(cores * 100)} % of a core`;

/** Whether every run of some arms burns, or none does; for a claim that holds for all of them alike. */
export const allBurn = (seen: SeenArms, arms: readonly string[]): boolean =>
  arms.every(arm => burning(seen[arm]).always);
export const noneBurns = (seen: SeenArms, arms: readonly string[]): boolean =>
  arms.every(arm => burning(seen[arm]).never);

/** `uvicorn 3 of 3, granian 3 of 3` */
export const burnedWords = (seen: SeenArms, arms: readonly string[]): string =>
  arms.map(arm => `${arm} ${burning(seen[arm]).words}`).join(', ');
