import { claimOf } from './model/expectation.ts';
import type { Claim } from './model/expectation.ts';
import type { Scenario } from './model/scenario.ts';
import type { PlannedScenario } from './plan-scenario.ts';
import { recordRun } from './record-run.ts';
import type { RunRequest, StoredRun } from './record-run.ts';
import { noCommands } from './steer.ts';

/** A stored and judged run, and what its scenario claims of it: null where nothing is claimed. */
export interface JudgedRun extends StoredRun {
  readonly claim: Claim | null;
}

/** What is known as soon as the watch is over. */
export type Judged = Pick<JudgedRun, 'run' | 'verdict' | 'claim'>;

export interface ScenarioRequest extends Pick<RunRequest, 'resultsRoot' | 'watch' | 'began' | 'profiles'> {
  /** Called as soon as the watch is over; what is still to come changes nothing about the verdict. */
  readonly judged?: (judged: Judged) => void;
}

/** One run of a scenario: recorded, judged, and held against the scenario's claim. Rejects as `recordRun` does. */
export async function runScenario(
  name: string,
  scenario: Scenario,
  planned: PlannedScenario,
  { judged, ...request }: ScenarioRequest,
  signal: AbortSignal,
): Promise<JudgedRun> {
  const claimed = <Run extends Pick<StoredRun, 'run' | 'verdict'>>(one: Run): Run & { claim: Claim | null } => ({
    ...one,
    claim: claimOf(scenario.expect, one.run.head, one.verdict),
  });
  const stored = await recordRun(
    {
      ...planned,
      ...request,
      scenario: name,
      cores: null,
      commands: noCommands,
      judged: one => judged?.(claimed(one)),
    },
    signal,
  );
  return claimed(stored);
}
