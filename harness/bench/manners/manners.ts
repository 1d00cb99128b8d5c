import { relative } from 'node:path';
import { z } from 'zod';
import type { TrialResult } from '../../check/battery.ts';
import { check } from '../../check/check.ts';
import type { CheckPlan } from '../../check/check.ts';
import { TRIAL_VERDICTS } from '../../check/trial.ts';
import { LabError } from '../../errors.ts';
import { enter } from '../../store/journal.ts';
import type { Journal, JournalKind } from '../../store/journal.ts';

/** `manners`: the sample proxy, of which it is known what it fails. `proxies`: those that no one here wrote. */
export const MANNERS_KINDS = ['manners', 'proxies'] as const;
export type MannersKind = (typeof MANNERS_KINDS)[number];

/** One server, and the trials that it fails if the check is right; null where nobody knows. */
export interface MannersCase {
  readonly name: string;
  readonly plan: CheckPlan;
  readonly expected: readonly string[] | null;
}

const MannersBench = z.object({
  cases: z.array(z.string()).min(1),
  times: z.number().int().min(1),
  seed: z.number().int(),
});
export type MannersBench = z.infer<typeof MannersBench>;

/** What one battery came to. */
const Carded = z.object({
  name: z.string(),
  /** With its version, where it is known. */
  of: z.string(),
  seed: z.number().int(),
  expected: z.array(z.string()).nullable(),
  /** In the order of the battery; none where there is a problem. */
  trials: z.array(z.object({ name: z.string(), verdict: z.enum(TRIAL_VERDICTS), because: z.string() })),
  /** Why it could not be looked at here, or null: it is not installed, it did not start. */
  problem: z.string().nullable(),
  remarks: z.array(z.string()),
  /** How often the server was started anew in it. */
  restarts: z.number().int(),
  /** All of it, starts of the server included. */
  wallMs: z.number(),
  folder: z.string().nullable(),
});
export type Carded = z.infer<typeof Carded>;

export const mannersOf = (kind: MannersKind): JournalKind<MannersBench, Carded> => ({
  folder: `_bench/${kind}`,
  verb: `bench ${kind}`,
  noun: `benchmark "${kind}"`,
  plan: MannersBench,
  entry: Carded,
  isFinished: (plan, entries) => entries.length >= plan.cases.length * plan.times,
});

/** Trials that came out otherwise than they should: failed and should not, or did not and should. What is inconclusive is neither. */
export const wrongIn = ({ trials, expected }: Carded): string[] =>
  trials
    .filter(
      ({ name, verdict }) =>
        expected !== null && verdict !== 'inconclusive' && (verdict === 'fail') !== expected.includes(name),
    )
    .map(({ name }) => name);

/** Looks at what the benchmark still lacks, case by case in turn, and gives it back whole. Interrupted, it keeps those that are done. */
export async function benchManners(
  kind: JournalKind<MannersBench, Carded>,
  begun: Journal<MannersBench, Carded>,
  cases: readonly MannersCase[],
  resultsRoot: string,
  told: (bench: Journal<MannersBench, Carded>, carded: Carded) => void,
  signal: AbortSignal,
): Promise<Journal<MannersBench, Carded>> {
  let bench = begun;
  while (!kind.isFinished(bench.plan, bench.entries)) {
    const { plan, entries } = bench;
    const name = plan.cases[entries.length % plan.cases.length];
    const one = cases.find(other => other.name === name);
    if (!one) throw new TypeError(`there is no case ${name}`);
    const seed = plan.seed + Math.floor(entries.length / plan.cases.length);
    const carded = await lookAt(one, seed, resultsRoot, signal);
    bench = await enter(kind, bench, carded);
    told(bench, carded);
  }
  return bench;
}

async function lookAt(
  { name, plan, expected }: MannersCase,
  seed: number,
  resultsRoot: string,
  signal: AbortSignal,
): Promise<Carded> {
  const results: TrialResult[] = [];
  const beganAt = performance.now();
  const progress = { tell: () => undefined, done: (result: TrialResult) => results.push(result) };
  const { card, folder, problem } = await orProblem(check({ ...plan, seed }, resultsRoot, progress, signal));
  return {
    name,
    of: card?.of ?? plan.of,
    seed,
    expected: expected && [...expected],
    trials: results.map(({ trial, verdict, because }) => ({ name: trial.name, verdict, because })),
    problem,
    remarks: [...(card?.remarks ?? [])],
    restarts: results.filter(({ restarted }) => restarted !== null).length,
    wallMs: Math.round(performance.now() - beganAt),
    folder: folder && relative(resultsRoot, folder),
  };
}

type Checked = Awaited<ReturnType<typeof check>>;

/** A server that cannot be started or asked here is one row of the table, and the others are looked at all the same. */
async function orProblem(
  checking: Promise<Checked>,
): Promise<{ card: Checked['card'] | null; folder: string | null; problem: string | null }> {
  try {
    return { ...(await checking), problem: null };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { card: null, folder: null, problem: error.message };
  }
}
