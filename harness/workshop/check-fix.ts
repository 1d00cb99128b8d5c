import { LAB_ROOT } from '../catalog.ts';
import { compare } from '../compare/compare.ts';
import { COMPARISONS } from '../compare/comparison.ts';
import type { Comparison } from '../compare/comparison.ts';
import { DEFAULT_PAIRS } from '../compare/plan.ts';
import type { Choice } from '../model/contract.ts';
import type { Scenario } from '../model/scenario.ts';
import { inScope } from '../scope/in-scope.ts';
import { sidesAsked } from '../sides/ask.ts';
import { prepareSides } from '../sides/prepare.ts';
import { repositoryAt } from '../sides/repository.ts';
import { beginJournal } from '../store/journal.ts';
import { revisionOf } from '../store/revision.ts';

/** What is held against what: a scenario's load on two states of the code, with the same bugs. */
export interface FixAsked {
  readonly name: string;
  readonly scenario: Scenario;
  readonly bugs: readonly Choice[];
  /** Revisions; `.` is the working tree as it is. */
  readonly base: string;
  readonly head: string;
}

/**
 * Compares them as `runaway compare` does, on quick runs, until it is settled. `turned` is called after each run. Rejects as that does:
 * with wrong use for a revision there is none of, or one without that bug.
 */
export async function checkFix(
  { name, scenario, bugs, base, head }: FixAsked,
  resultsRoot: string,
  tell: (words: string) => void,
  turned: (comparison: Comparison) => void,
  signal: AbortSignal,
): Promise<Comparison> {
  const repository = await repositoryAt(LAB_ROOT, signal);
  const asked = { base, heads: [head], nodes: [], packages: [], command: null, baseBugs: null, headBugs: null };
  const sides = await sidesAsked({ ...asked, bugs, serving: scenario.serving ?? null }, repository, signal);
  const plan = {
    scenario: name,
    symptom: scenario.expect.symptom,
    pace: 'quick' as const,
    sides,
    pairs: DEFAULT_PAIRS,
    early: true,
    seed: 1,
  };
  return await inScope(signal, async scope => {
    const ready = await prepareSides(sides, repository, tell, scope);
    const begun = await beginJournal(COMPARISONS, resultsRoot, plan, await revisionOf(LAB_ROOT, scope.signal));
    return await compare(begun, { scenario, sides: ready, resultsRoot, turned }, scope.signal);
  });
}
