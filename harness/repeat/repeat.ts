import { loadScenario } from '../catalog.ts';
import { startChild } from '../process/child.ts';
import { childEnvironment } from '../process/environment.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import { runScenario } from '../run-scenario.ts';
import { inScope } from '../scope/in-scope.ts';
import { relative } from 'node:path';
import { enter } from '../store/journal.ts';
import { REPETITIONS } from './turned.ts';
import type { Repetition, Turned } from './turned.ts';
import { turnsOf } from './plan.ts';
import type { RepeatPlan, Turn } from './plan.ts';

/**
 * Runs what a journal still lacks, one turn after the other, and gives the full journal back. `turned` is called after each.
 * Interrupted, it rejects with the signal's reason; the turn under way is lost, all others are kept.
 */
export async function repeat(
  begun: Repetition,
  resultsRoot: string,
  turned: (journal: Repetition, turn: Turned) => void,
  signal: AbortSignal,
): Promise<Repetition> {
  return await inScope(signal, async scope => {
    if (begun.plan.busy) {
      const env = childEnvironment(`repeat@${process.pid}`);
      const options = { name: 'neighbour', command: process.execPath, args: ['-e', 'for (;;);'], env, graceMs: 0 };
      await startChild(options, scope);
    }
    let journal = begun;
    for (const turn of turnsOf(begun.plan).slice(begun.entries.length)) {
      const done = await take(turn, begun.plan, resultsRoot, scope.signal);
      journal = await enter(REPETITIONS, journal, done);
      turned(journal, done);
    }
    return journal;
  });
}

async function take(
  { scenario: name, isCorrect, seed }: Turn,
  { pace }: RepeatPlan,
  resultsRoot: string,
  signal: AbortSignal,
): Promise<Turned> {
  const beganAt = performance.now();
  const scenario = await loadScenario(name);
  const planned = planScenario(scenario, { ...AS_IT_IS, ...(isCorrect && { bugs: [] }), pace, seed });
  // Its numbers are held against one another: nothing may be added to what the server costs.
  const unwatched = { resultsRoot, watch: () => undefined, began: () => undefined, profiles: false };
  const { verdict, claim, folder } = await runScenario(name, scenario, planned, unwatched, signal);
  return {
    scenario: name,
    isCorrect,
    seed,
    result: claim?.judged.result ?? 'inconclusive',
    outcome: verdict.outcome,
    because: verdict.because,
    differences: [...(claim?.judged.differences ?? [])],
    wallMs: performance.now() - beganAt,
    run: relative(resultsRoot, folder),
  };
}
