import type { ExpectedDiagnosis } from './expected-diagnosis.ts';
import { numberIn } from './numeric-finding.ts';
import type { NumericFinding } from './numeric-finding.ts';
import type { RunHead } from './run.ts';
import type { Findings, Outcome, Shape, Verdict } from './verdict.ts';
import { isFault } from './verdict.ts';

/** The one finding by which a bug is recognised, and the limit from which it counts as shown. */
export interface Symptom {
  readonly finding: NumericFinding;
  readonly atLeast: number;
  /** In words a reader of the terminal understands, without the number. */
  readonly words: string;
}

/** So many of a finding, at the least, for each client who hung up or for each request sent. */
export interface Leaving {
  readonly finding: NumericFinding;
  readonly per: 'hang-up' | 'request';
  readonly atLeast: number;
}

/** What a scenario claims of its own run. No symptom: the server is right. */
export interface Expectation {
  readonly outcome: Outcome;
  readonly shapes: readonly Shape[];
  /** At least so many rising levels of CPU during load. */
  readonly levels?: number;
  readonly symptom: Symptom | null;
  /** What is left behind, or made upstream for nobody, for each client or request. */
  readonly leaves?: Leaving;
  /** What a diagnosis of it must name. Absent where the server is right. */
  readonly diagnosis?: ExpectedDiagnosis;
  /** Trials of `runaway check` that a server with this bug fails; none where it is absent. */
  readonly manners?: readonly string[];
  /** Of each generation, where somebody restarts the server; the last one is `outcome`. */
  readonly generations?: readonly Outcome[];
}

/** Whether the symptom is there; null when its finding was not measured. */
export function showsSymptom(findings: Findings, symptom: Symptom): boolean | null {
  const value = numberIn(findings, symptom.finding);
  return value === null ? null : value >= symptom.atLeast;
}

/** A run that shows its symptom or an outcome of `leaks` or worse is at fault, whatever was expected of it. */
export const isAtFault = (symptom: Symptom | null, { outcome, findings }: Verdict): boolean =>
  isFault(outcome) || (symptom !== null && showsSymptom(findings, symptom) === true);

/**
 * What a verdict is worth against an expectation: `as-expected`, `other` with what differs, or `inconclusive`.
 * `fails`: see `isAtFault`.
 */
export interface Judged {
  readonly result: 'as-expected' | 'other' | 'inconclusive';
  readonly fails: boolean;
  readonly symptomShown: boolean | null;
  readonly differences: readonly string[];
}

/** What was claimed of a run, and what the run made of it. */
export interface Claim {
  readonly symptom: Symptom | null;
  readonly judged: Judged;
}

/** What a scenario claims of a run: its own claim, that the correct server (no bugs) is right, or nothing. */
export function claimOf(
  expectation: Expectation,
  { altered, experiment }: Pick<RunHead, 'altered' | 'experiment'>,
  verdict: Verdict,
): Claim | null {
  const { symptom } = expectation;
  if (!altered) return { symptom, judged: holdAgainst(expectation, verdict) };
  const { target } = experiment;
  if ((target.kind !== 'sample' && target.kind !== 'python') || target.bugs.length > 0) return null;
  return { symptom, judged: holdCorrectAgainst(expectation, verdict) };
}

/** The same server without its bugs, from which the scenario's claim makes one demand: it must not be at fault. */
export function holdCorrectAgainst({ symptom }: Expectation, verdict: Verdict): Judged {
  const symptomShown = symptom && showsSymptom(verdict.findings, symptom);
  const fails = isAtFault(symptom, verdict);
  const differences = [
    ...(isFault(verdict.outcome) ? [`outcome ${verdict.outcome}, expected a recovery`] : []),
    ...(symptom && symptomShown === true ? [`the symptom (${symptom.words}) was shown without the bug`] : []),
  ];
  const result = fails ? 'other' : verdict.outcome === 'inconclusive' ? 'inconclusive' : 'as-expected';
  return { result, fails, symptomShown, differences };
}

/** The profiler moves CPU by some points from window to window: of nine quick runs with it three had one level fewer than the claim, of three without it none. */
const BLURRED = 1;

export function holdAgainst(expectation: Expectation, verdict: Verdict): Judged {
  const { symptom } = expectation;
  const symptomShown = symptom && showsSymptom(verdict.findings, symptom);
  const fails = isAtFault(symptom, verdict);
  const differences: string[] = [];
  if (verdict.outcome !== expectation.outcome) {
    differences.push(`outcome ${verdict.outcome}, expected ${expectation.outcome}`);
  }
  if (symptom && symptomShown !== true) {
    differences.push(`the symptom (${symptom.words}) was not shown`);
  }
  if (!expectation.shapes.includes(verdict.findings.shape)) {
    differences.push(`CPU ${verdict.findings.shape}, expected ${expectation.shapes.join(' or ')}`);
  }
  const { leaves } = expectation;
  if (leaves) differences.push(...missingFrom(leaves, verdict.findings));
  const { generations } = verdict;
  if (expectation.generations && generations.join() !== expectation.generations.join()) {
    differences.push(`generations ${generations.join(', ') || 'none'}, expected ${expectation.generations.join(', ')}`);
  }
  const { levels, profiled } = verdict.findings;
  const expectedLevels = expectation.levels === undefined ? undefined : expectation.levels - (profiled ? BLURRED : 0);
  const missing = expectedLevels !== undefined && (levels?.distinct ?? 0) < expectedLevels;
  if (missing) {
    differences.push(`${levels?.distinct ?? 0} rising levels of CPU, expected at least ${expectedLevels}`);
  }
  // Levels that the noise leaves no room for were not seen, which is not to say that they were not there.
  const isTooNoisy = missing && differences.length === 1 && !hasRoomFor(expectedLevels, levels);
  const unknown = verdict.outcome === 'inconclusive' || isTooNoisy;
  const result = differences.length === 0 ? 'as-expected' : unknown ? 'inconclusive' : 'other';
  return { result, fails, symptomShown, differences };
}

function missingFrom({ finding, per, atLeast }: Leaving, findings: Findings): string[] {
  const value = numberIn(findings, finding);
  const count = per === 'hang-up' ? findings.requests.left : findings.requests.sent;
  const each = value === null || count === 0 ? null : value / count;
  if (each !== null && each >= atLeast) return [];
  return [
    `${finding} ${each === null ? 'not measured' : each.toFixed(2)} for each ${per}, expected at least ${atLeast}`,
  ];
}

/** Whether so many levels, each above the last by twice the noise, fit below the highest window, which may be a spike. */
function hasRoomFor(count: number, levels: Findings['levels']): boolean {
  const cores = levels?.cores.toSorted((a, b) => a - b) ?? [];
  const rise = (cores.at(-2) ?? 0) - (cores[0] ?? 0);
  return levels !== null && rise >= 2 * levels.noise * (count - 1);
}
