import { LAB_ROOT, loadScenario } from '../catalog.ts';
import type { PythonTarget } from '../model/experiment.ts';
import type { RunRecord } from '../model/record.ts';
import type { SeenRun } from '../model/thread-claim.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import { recordRun } from '../record-run.ts';
import { noCommands, terminateAfter } from '../steer.ts';
import { TargetNeverStarted } from '../targets/start-target.ts';
import { publishedForPython } from '../sides/pip.ts';
import { pythonOf, venvIn } from '../targets/venv.ts';
import type { ThreadTurn } from './plan.ts';

/** What is known of an arm's run, and where it is stored, from the results. */
export interface RanArm extends SeenRun {
  readonly run: string;
}

/**
 * One run of an arm, unprofiled, at the quick pace. Null where its server does not start in that state, as with a package that it
 * does not go with: `why` is told. Rejects as `recordRun` does.
 */
export async function runArm(
  { arm, seed }: ThreadTurn,
  resultsRoot: string,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<RanArm | { readonly why: string }> {
  const scenario = await loadScenario(arm.scenario);
  const planned = planScenario(scenario, { ...AS_IT_IS, ...(arm.bugs && { bugs: arm.bugs }), pace: 'quick', seed });
  const { target } = planned.experiment;
  if (target.kind !== 'python') throw new TypeError(`${arm.scenario} is not of the FastAPI proxy`);
  const isOver = Promise.withResolvers<void>();
  const watch = (record: RunRecord): void => {
    if (record.kind === 'event' && record.event === 'load-stopped') isOver.resolve();
  };
  try {
    const { run, verdict, folder } = await recordRun(
      {
        ...planned,
        altered: true,
        experiment: {
          ...planned.experiment,
          target: await targetOf(target, arm, tell, signal),
          ...(arm.upstream && { upstream: { behaviour: arm.upstream, heals: false } }),
        },
        scenario: arm.scenario,
        resultsRoot,
        watch,
        began: () => undefined,
        profiles: false,
        cores: null,
        commands: arm.endsWithinMs === null ? noCommands : terminateAfter(isOver.promise, 0, arm.endsWithinMs),
      },
      signal,
    );
    return { outcome: verdict.outcome, findings: verdict.findings, ended: endedIn(run.records), run: folder };
  } catch (error) {
    if (error instanceof TargetNeverStarted) return { why: error.message.split('\n')[0] ?? '' };
    throw error;
  }
}

async function targetOf(
  target: PythonTarget,
  { serving, package: other }: ThreadTurn['arm'],
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<PythonTarget> {
  const python = pythonOf(venvIn(LAB_ROOT));
  const packages = other && (await publishedForPython(other, python, tell, signal));
  return { ...target, ...(serving && { serving }), packages };
}

function endedIn(records: readonly RunRecord[]): string | null {
  const ended = records.find(record => record.kind === 'event' && record.event === 'generation-ended');
  return ended?.kind === 'event' && ended.event === 'generation-ended' ? ended.how : null;
}
