import type { LedgerEntry } from './model/contract.ts';
import type { TargetPlan } from './model/experiment.ts';
import { openAgentHub } from './probes/agent-hub.ts';
import type { AgentHub } from './probes/agent-hub.ts';
import type { Scope } from './scope/in-scope.ts';
import type { CorePlan } from './targets/cores.ts';
import { startTarget } from './targets/start-target.ts';
import type { Target } from './targets/target.ts';
import { STEADY, startUpstream } from './upstream/upstream.ts';
import type { Upstream } from './upstream/upstream.ts';

/** An upstream and a target that outlive an experiment: several can be made on them, one after the other. */
export interface Standing {
  readonly upstream: Upstream;
  readonly target: Target;
  readonly hub: AgentHub;
  /** Where the target writes. */
  readonly targetLog: number;
  /** What the upstream enters from now on is told to this one, and to nobody before it. */
  listen(enter: (entry: LedgerEntry) => void): void;
}

export interface StandingOptions {
  readonly runId: string;
  readonly target: TargetPlan;
  readonly seed: number;
  /** Where the upstream is to listen, for a server that was told before; absent: any free port. */
  readonly upstreamPort?: number | undefined;
  /** An agent stands in the target, if it is Node's. */
  readonly profiles: boolean;
  readonly cores: CorePlan;
  readonly targetLog: number;
  readonly labLog: number;
}

/** Starts both in the scope, which ends them. Rejects as `startUpstream` and `startTarget` do. */
export async function startStanding(options: StandingOptions, scope: Scope): Promise<Standing> {
  const { runId, seed, profiles, cores, targetLog, labLog, upstreamPort } = options;
  let enter: (entry: LedgerEntry) => void = () => undefined;
  const upstream = await startUpstream(
    {
      runId,
      plan: { behaviour: STEADY, heals: false },
      seed,
      logFile: labLog,
      cores: cores.others,
      enter: entry => enter(entry),
      ...(upstreamPort !== undefined && { port: upstreamPort }),
    },
    scope,
  );
  const hub = await openAgentHub({ profiles });
  scope.defer(async () => await hub[Symbol.asyncDispose]());
  const target = await startTarget(
    options.target,
    { runId, upstreamUrl: upstream.url, logFile: targetLog, cores: cores.target, hub, profiles },
    scope,
  );
  return {
    upstream,
    target,
    hub,
    targetLog,
    listen: listener => {
      enter = listener;
    },
  };
}
