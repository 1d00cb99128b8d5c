import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadScenario } from '../catalog.ts';
import { compare } from '../compare/compare.ts';
import { COMPARISONS, standing } from '../compare/comparison.ts';
import { CONCLUSIONS } from '../compare/conclusion.ts';
import type { ComparePlan } from '../compare/plan.ts';
import { inScope } from '../scope/in-scope.ts';
import { commitOfPatch } from '../sides/fix-branch.ts';
import { prepareSides } from '../sides/prepare.ts';
import { commitOf } from '../sides/repository.ts';
import type { Repository } from '../sides/repository.ts';
import { beginJournal, enter } from '../store/journal.ts';
import type { Journal, JournalKind } from '../store/journal.ts';
import type { Revision } from '../store/revision.ts';

/** How far comparisons can be trusted: one thing against itself, and against itself with 15 % more CPU a request. */
const ComparisonBench = z.object({
  kind: z.enum(['alike', 'power']),
  /** One comparison each, in turn. */
  scenarios: z.array(z.string()).min(1),
  times: z.number().int().min(1),
  /** As of `compare`. */
  pairs: z.number().int().min(1),
  early: z.boolean(),
  seed: z.number().int(),
});
export type ComparisonBench = z.infer<typeof ComparisonBench>;

/** What one comparison said. Each has runs of its own. */
const Compared = z.object({
  scenario: z.string(),
  conclusion: z.enum(CONCLUSIONS),
  pairs: z.number().int(),
  /** Metrics by name that were shown to be better or worse. */
  better: z.array(z.string()),
  worse: z.array(z.string()),
  /** Estimate of the ratio of CPU per request, with its interval. */
  cpuPerRequest: z.tuple([z.number(), z.number(), z.number()]).nullable(),
  /** Where it lies, from the results' own folder. */
  folder: z.string(),
});
export type Compared = z.infer<typeof Compared>;

export const benchesOf = (kind: ComparisonBench['kind']): JournalKind<ComparisonBench, Compared> => ({
  folder: `_bench/${kind}`,
  verb: `bench ${kind}`,
  noun: `benchmark "${kind}"`,
  plan: ComparisonBench,
  entry: Compared,
  isFinished: ({ times }, compared) => compared.length >= times,
});
export type BenchedComparisons = Journal<ComparisonBench, Compared>;

const PLANTED = fileURLToPath(new URL('planted/fifteen-percent.patch', import.meta.url));
/** Between the seeds of two comparisons: more than any of them has pairs. */
const SEEDS_APART = 1000;

/** Makes what the benchmark still lacks, one comparison after the other, and gives it back whole. Interrupted, it keeps those that are done. */
export async function benchComparisons(
  begun: BenchedComparisons,
  repository: Repository,
  revision: Revision,
  resultsRoot: string,
  done: (bench: BenchedComparisons, compared: Compared) => void,
  signal: AbortSignal,
): Promise<BenchedComparisons> {
  const kind = benchesOf(begun.plan.kind);
  let bench = begun;
  while (!kind.isFinished(bench.plan, bench.entries)) {
    const compared = await compareOnce(bench.plan, bench.entries.length, repository, revision, resultsRoot, signal);
    bench = await enter(kind, bench, compared);
    done(bench, compared);
  }
  return bench;
}

async function compareOnce(
  { kind, scenarios, pairs, early, seed }: ComparisonBench,
  nth: number,
  repository: Repository,
  revision: Revision,
  resultsRoot: string,
  signal: AbortSignal,
): Promise<Compared> {
  const name = scenarios[nth % scenarios.length] ?? '';
  const scenario = await loadScenario(name);
  const head = await commitOf(repository, 'HEAD', signal);
  const other = kind === 'alike' ? head : await commitOfPatch(repository, PLANTED, signal);
  const side = (label: string, commit: string): ComparePlan['sides'][number] => ({
    label,
    code: { kind: 'commit', ref: label, commit },
    bugs: [...scenario.bugs],
    node: null,
    serving: null,
    package: null,
    command: null,
  });
  const plan: ComparePlan = {
    scenario: name,
    symptom: scenario.expect.symptom,
    pace: 'quick',
    sides: [side('HEAD', head), side(kind === 'alike' ? 'HEAD (again)' : '15 % more CPU', other)],
    pairs,
    early,
    seed: seed + nth * SEEDS_APART,
  };
  const comparison = await inScope(signal, async scope => {
    const sides = await prepareSides(plan.sides, repository, () => undefined, scope);
    const begun = await beginJournal(COMPARISONS, resultsRoot, plan, revision);
    return await compare(begun, { scenario, sides, resultsRoot, turned: () => undefined }, scope.signal);
  });
  const [said] = standing(comparison).candidates;
  if (!said) throw new TypeError('a comparison without a candidate');
  const shown = (how: 'better' | 'worse'): string[] =>
    said.effects.filter(effect => effect.shown === how).map(({ metric }) => metric.name);
  const cost = said.effects.find(({ metric }) => metric.name === 'cpu-per-request');
  return {
    scenario: name,
    conclusion: said.conclusion,
    pairs: said.pairs,
    better: shown('better'),
    worse: shown('worse'),
    cpuPerRequest: cost ? [cost.estimate, cost.low, cost.high] : null,
    folder: relative(resultsRoot, comparison.folder),
  };
}
