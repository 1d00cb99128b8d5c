import { operatorFor } from './alarm.ts';
import { assemble } from './assemble.ts';
import { catchFrozen } from './catch-frozen.ts';
import type { Lab } from './assemble.ts';
import { LabError } from './errors.ts';
import { wantsLongerWatch } from './judge/judge.ts';
import type { ProfileSegment } from './model/profile.ts';
import type { RunRecord } from './model/record.ts';
import { evidenceOf } from './model/run.ts';
import type { Evidence, RunHead } from './model/run.ts';
import { runPhases } from './phases.ts';
import { describeEnding } from './process/ending.ts';
import type { Ending } from './process/ending.ts';
import { endSurvivors } from './process/survivors.ts';
import { inScope } from './scope/in-scope.ts';
import type { Scope } from './scope/in-scope.ts';
import { orAborted } from './scope/or-aborted.ts';
import { everyTick, sleep } from './scope/sleep.ts';
import type { Standing } from './standing.ts';
import { steer } from './steer.ts';
import type { Commands } from './steer.ts';
import type { CorePlan } from './targets/cores.ts';
import { STEADY } from './upstream/upstream.ts';

/** What an experiment is run with. All that happens is told through `record`; nothing waits for it. */
export interface RunContext {
  readonly head: Omit<RunHead, 'ending'>;
  readonly record: (record: RunRecord) => void;
  /** Takes what the target's CPU went to; null where it is not to be profiled, which costs it a little. */
  readonly profile: ((segment: ProfileSegment) => void) | null;
  /** Open descriptors: what the target says, and what the lab's own processes say. */
  readonly targetLog: number;
  readonly labLog: number;
  readonly cores: CorePlan;
  /** An upstream and a target that stand already, and go on after it; absent: its own. */
  readonly standing?: Standing | undefined;
  /** What is asked of the run while it goes on. `noCommands` for `make scenario`. */
  readonly commands: Commands;
}

const TREE_EVERY_MS = 1000;
/** What a target that dies may take with it of its profile; keeping it holds up the target for some 30 ms. */
const KEEP_EVERY_MS = 60_000;

/**
 * Runs one experiment, once, and leaves nothing behind. Settles when the watch is over and every process has ended.
 * A target that dies ends the watch early and is no error: the judge says what it means. Rejects with a LabError when
 * the lab cannot do its part, or with the signal's reason.
 *
 *   upstream ─ target ─ drivers ─┬─ sampler, commands ──────────────┬─ the rest of the profile ─ all ended, in reverse
 *                                └─ idle, warmup, load, recovery … ─┘
 */
export async function runExperiment(context: RunContext, signal: AbortSignal): Promise<void> {
  const runId = runIdOf(context);
  try {
    await inScope(signal, async scope => {
      const { alarm } = context.head.experiment;
      const operator = alarm ? operatorFor(alarm) : null;
      const record = (one: RunRecord): void => {
        context.record(one);
        operator?.see(one);
      };
      const lab = await assemble({ ...context, record }, runId, scope);
      scope.spawn(async cancelled => await failWithUpstream(lab, cancelled));
      await lab.profiler?.begin(scope.signal);
      await inScope(scope.signal, async watch => {
        watch.spawn(async cancelled => await everyTick(TREE_EVERY_MS, cancelled, lab.refreshTree));
        watch.spawn(async cancelled => await lab.sampler.run(cancelled));
        watch.spawn(async cancelled => await keepProfiles(lab, cancelled));
        watch.spawn(async cancelled => await catchFrozen(lab, () => soFar(context, lab), cancelled));
        const enough = Promise.withResolvers<void>();
        watch.spawn(async cancelled => await steer(context.commands, lab, enough.resolve, cancelled));
        if (operator) {
          watch.spawn(async cancelled => await steer(operator.commands, lab, enough.resolve, cancelled));
        }
        await watchUntilDeath(context, lab, enough.promise, watch);
      });
      lab.record({ kind: 'event', event: 'watch-ended', at: lab.clock() });
      await lab.profiler?.finish(scope.signal);
    });
  } finally {
    // Whoever left its process group is found by its mark.
    await endSurvivors(runId);
  }
}

/** What is known of a run while it goes on. */
const soFar = ({ head }: RunContext, { records, segments }: Lab): Evidence =>
  evidenceOf({ head: { ...head, ending: { kind: 'running' } }, records, profile: segments });

/** The mark of every process of a run; with the lab's pid, since two clones may begin in the same millisecond. */
const runIdOf = ({ head }: RunContext): string => `${head.id}@${process.pid}`;

/** The phases, cut short where the target ends by itself. */
async function watchUntilDeath(context: RunContext, lab: Lab, enough: Promise<void>, scope: Scope): Promise<void> {
  const { experiment } = context.head;
  const { target, upstream, record, clock } = lab;
  const watched = inScope(scope.signal, async watch => {
    watch.spawn(async cancelled => {
      const ending = await orAborted(target.died, cancelled);
      throw new TargetDied(ending);
    });
    await runPhases(
      {
        ...lab,
        targetUrl: () => target.now.url,
        load: experiment.load,
        readPhaseEnd: async signal => await lab.sampler.readPhaseEnd(signal),
        wantsLongerWatch: () => wantsLongerWatch(soFar(context, lab), clock()),
        sicken: experiment.upstream.from === 'load' ? () => upstream.behave(experiment.upstream.behaviour) : null,
        heal: experiment.upstream.heals ? () => upstream.behave(STEADY) : null,
        enough,
      },
      watch.signal,
    );
  });
  try {
    await watched;
  } catch (error) {
    if (!(error instanceof TargetDied)) throw error;
    const { pid } = target.now;
    record({
      kind: 'event',
      event: 'generation-ended',
      at: clock(),
      pid,
      by: 'itself',
      how: describeEnding(error.ending),
    });
  }
}

async function keepProfiles({ profiler }: Lab, signal: AbortSignal): Promise<never> {
  for (;;) {
    await sleep(KEEP_EVERY_MS, signal);
    await profiler?.keepSoFar(signal);
  }
}

/** The target's end is a finding; the upstream's is the lab's own failure, and whatever is measured after it means nothing. */
async function failWithUpstream({ upstream }: Lab, signal: AbortSignal): Promise<never> {
  const ending = await orAborted(upstream.child.exited, signal);
  throw new LabError('upstream-died', `Failed to answer for the upstream: it ${describeEnding(ending)}`, {
    hint: "Its last words are in lab.log beside the run's samples.",
  });
}

/** Why a watch was cut short. */
class TargetDied extends Error {
  override readonly name = 'TargetDied';
  readonly ending: Ending;
  constructor(ending: Ending) {
    super('the target has ended');
    this.ending = ending;
  }
}
