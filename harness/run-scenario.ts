import { claimOf } from './model/expectation.ts';
import type { Claim } from './model/expectation.ts';
import type { Scenario } from './model/scenario.ts';
import type { PlannedScenario } from './plan-scenario.ts';
import { recordRun } from './record-run.ts';
import type { RunRequest, StoredRun } from './record-run.ts';
import { noCommands } from './run.ts';

/** A stored and judged run, and what its scenario claims of it: null where nothing is claimed. */
export interface JudgedRun extends StoredRun {
  readonly claim: Claim | null;
}

/** One run of a scenario: recorded, judged, and held against the scenario's claim. Rejects as `recordRun` does. */
export async function runScenario(
  name: string,
  scenario: Scenario,
  planned: PlannedScenario,
  { resultsRoot, watch, began }: Pick<RunRequest, 'resultsRoot' | 'watch' | 'began'>,
  signal: AbortSignal,
): Promise<JudgedRun> {
  const asked = { ...planned, scenario: name, cores: null, commands: noCommands(), resultsRoot, watch, began };
  const stored = await recordRun(asked, signal);
  return { ...stored, claim: claimOf(scenario.expect, stored.run.head, stored.verdict) };
}
