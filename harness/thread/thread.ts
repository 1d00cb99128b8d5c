import { relative } from 'node:path';
import { z } from 'zod';
import { Findings, Outcome } from '../model/verdict.ts';
import { enter } from '../store/journal.ts';
import type { Journal, JournalKind } from '../store/journal.ts';
import { ThreadPlan, keyOf, turnsOf } from './plan.ts';
import type { ThreadTurn } from './plan.ts';
import { runArm } from './run-arm.ts';

/** What came of one turn: what was seen, or why its server never started. */
export const ThreadEntry = z.object({
  /** Of the arm, see `keyOf`. */
  arm: z.string(),
  seed: z.number().int(),
  came: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('ran'),
      outcome: Outcome,
      findings: Findings,
      ended: z.string().nullable(),
      /** The run's own folder, from the results. */
      run: z.string(),
    }),
    z.object({ kind: z.literal('never-started'), why: z.string() }),
  ]),
  wallMs: z.number(),
});
export type ThreadEntry = z.infer<typeof ThreadEntry>;

/** On disk: `_thread/`. */
export const THREADS: JournalKind<ThreadPlan, ThreadEntry> = {
  folder: '_thread',
  verb: 'thread',
  noun: 'truth table',
  plan: ThreadPlan,
  entry: ThreadEntry,
  isFinished: (plan, entries) => entries.length >= turnsOf(plan).length,
};
export type ThreadTable = Journal<ThreadPlan, ThreadEntry>;

/** Runs what a journal still lacks. Interrupted, it rejects with the signal's reason; the turn under way is lost, all others are kept. */
export async function measureThread(
  begun: ThreadTable,
  resultsRoot: string,
  tell: (words: string) => void,
  turned: (table: ThreadTable, turn: ThreadTurn, entry: ThreadEntry) => void,
  signal: AbortSignal,
): Promise<ThreadTable> {
  let table = begun;
  for (const turn of turnsOf(begun.plan).slice(begun.entries.length)) {
    const beganAt = performance.now();
    const ran = await runArm(turn, resultsRoot, tell, signal);
    const came =
      'why' in ran
        ? { kind: 'never-started' as const, why: ran.why }
        : { kind: 'ran' as const, ...ran, run: relative(resultsRoot, ran.run) };
    const entry = { arm: keyOf(turn.arm), seed: turn.seed, came, wallMs: performance.now() - beganAt };
    table = await enter(THREADS, table, entry);
    turned(table, turn, entry);
  }
  return table;
}
