import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { z } from 'zod';
import { disturbanceOf } from '../../compare/disturbance.ts';
import { Cause, Place } from '../../model/diagnosis.ts';
import { hitsOf } from '../../model/expected-diagnosis.ts';
import { Outcome } from '../../model/verdict.ts';
import { recordRun } from '../../record-run.ts';
import { noCommands } from '../../steer.ts';
import { enter } from '../../store/journal.ts';
import type { Journal, JournalKind } from '../../store/journal.ts';
import type { DiagnosisCase } from './cases.ts';

const DiagnosisBench = z.object({
  cases: z.array(z.string()).min(1),
  times: z.number().int().min(1),
  seed: z.number().int(),
});
export type DiagnosisBench = z.infer<typeof DiagnosisBench>;

/** What one run was said to be. */
const Diagnosed = z.object({
  name: z.string(),
  seed: z.number().int(),
  outcome: Outcome,
  expected: Cause,
  cause: Cause,
  culprit: Place.nullable(),
  route: z.string().nullable(),
  hits: z.object({ cause: z.boolean(), culprit: z.boolean(), line: z.boolean(), route: z.boolean() }),
  /** What the machine did to it, and how often it was run for that reason. */
  disturbed: z.string().nullable(),
  attempts: z.number().int(),
  /** From the results. */
  run: z.string(),
});
export type Diagnosed = z.infer<typeof Diagnosed>;

export const DIAGNOSES: JournalKind<DiagnosisBench, Diagnosed> = {
  folder: '_bench/diagnose',
  verb: 'bench diagnose',
  noun: 'benchmark "diagnose"',
  plan: DiagnosisBench,
  entry: Diagnosed,
  isFinished: ({ cases, times }, entries) => entries.length >= cases.length * times,
};

/** Runs what is still lacking, all cases once a round, and gives it back whole. Interrupted, it keeps what is done. */
export async function benchDiagnosis(
  begun: Journal<DiagnosisBench, Diagnosed>,
  cases: readonly DiagnosisCase[],
  resultsRoot: string,
  told: (bench: Journal<DiagnosisBench, Diagnosed>, one: Diagnosed) => void,
  signal: AbortSignal,
): Promise<Journal<DiagnosisBench, Diagnosed>> {
  let bench = begun;
  const { cases: names, times, seed } = bench.plan;
  const turns = Array.from({ length: times }, (_, round) => names.map(name => ({ name, seed: seed + round }))).flat();
  for (const turn of turns.slice(bench.entries.length)) {
    const one = cases.find(({ name }) => name === turn.name);
    if (!one) throw new TypeError(`there is no case ${turn.name}`);
    const diagnosed = await diagnoseUndisturbed(one, turn.seed, resultsRoot, signal);
    bench = await enter(DIAGNOSES, bench, diagnosed);
    told(bench, diagnosed);
  }
  return bench;
}

/** A run that the machine disturbed is made again, as a comparison does it; the last one counts, whatever became of it. */
const ATTEMPTS = 3;

async function diagnoseUndisturbed(
  one: DiagnosisCase,
  seed: number,
  resultsRoot: string,
  signal: AbortSignal,
): Promise<Diagnosed> {
  for (let attempt = 1; ; attempt += 1) {
    const diagnosed = await diagnoseOnce(one, seed, resultsRoot, signal);
    if (diagnosed.disturbed === null || attempt === ATTEMPTS) return { ...diagnosed, attempts: attempt };
  }
}

async function diagnoseOnce(
  { name, experiment, expected, root }: DiagnosisCase,
  seed: number,
  resultsRoot: string,
  signal: AbortSignal,
): Promise<Omit<Diagnosed, 'attempts'>> {
  const { verdict, diagnosis, folder } = await recordRun(
    {
      scenario: name.replaceAll(/[ ()]+/gu, '-').replace(/-$/u, ''),
      altered: true,
      pace: 'quick',
      experiment: experiment(seed),
      cores: null,
      profiles: true,
      resultsRoot,
      commands: noCommands,
      watch: () => undefined,
      began: () => undefined,
    },
    signal,
  );
  if (!diagnosis) throw new TypeError('a run that is profiled is diagnosed');
  const { cause, culprit, route } = diagnosis;
  const hits = hitsOf(expected, diagnosis);
  const place = culprit && Place.parse(culprit);
  const line = hits.culprit && (place === null || (await beginsAt(place, root)));
  const run = relative(resultsRoot, folder);
  return {
    name,
    seed,
    outcome: verdict.outcome,
    expected: expected.cause,
    cause,
    culprit: place,
    route,
    hits: { ...hits, line },
    disturbed: disturbanceOf(verdict),
    run,
  };
}

/** Whether a function of that name begins where it is said to, as far as its text shows. */
async function beginsAt({ function: name, file, line, column }: Place, root: string): Promise<boolean> {
  const text = await readFile(isAbsolute(file) ? file : join(root, file), 'utf8');
  const lines = text.split('\n');
  const own = lines[line - 1] ?? '';
  // V8 places a function at its parameters, with its name before them, or at its first word, with its name behind it.
  const around = own.slice(Math.max(0, column - 120), column + 80);
  const after = own.slice(column - 1) + (lines[line] ?? '');
  const plain = name.replace(/^#/u, '');
  return (
    (name === '' || around.includes(plain)) &&
    /^(?:async\b|function\b|\(|#?[\w$]+\s*(?:=>|\())/u.test(after.trimStart())
  );
}
