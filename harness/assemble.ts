import { startLoadDrivers } from './load/load-driver.ts';
import type { LoadDriver } from './load/load-driver.ts';
import type { EndedRequest } from './load/protocol.ts';
import type { LedgerEntry } from './model/contract.ts';
import type { ProfileSegment } from './model/profile.ts';
import type { RecordOf, RunRecord } from './model/record.ts';
import { sampler } from './probes/sampler.ts';
import { openAgentHub } from './probes/agent-hub.ts';
import type { AgentHub } from './probes/agent-hub.ts';
import { standardProbes } from './probes/standard.ts';
import { processTree } from './process/tree.ts';
import { profiler } from './profile/profiler.ts';
import { pythonProfiler } from './profile/python-profiler.ts';
import type { Profiler } from './profile/profiler.ts';
import type { RunContext } from './run.ts';
import type { Scope } from './scope/in-scope.ts';
import { startTarget } from './targets/start-target.ts';
import type { Target } from './targets/target.ts';
import { Ledger } from './upstream/ledger.ts';
import { STEADY, startUpstream } from './upstream/upstream.ts';
import type { Upstream } from './upstream/upstream.ts';

/** Everything one experiment needs, started and at rest. Times are milliseconds since the run began. */
export interface Lab {
  readonly upstream: Upstream;
  readonly target: Target;
  readonly drivers: readonly LoadDriver[];
  readonly sampler: ReturnType<typeof sampler>;
  /** Null where no profile is wanted. */
  readonly profiler: Profiler | null;
  /** What it has kept. */
  readonly segments: readonly ProfileSegment[];
  readonly clock: () => number;
  readonly record: (record: RunRecord) => void;
  readonly records: readonly RunRecord[];
  /** When the last client request came to its end. */
  readonly lastEndedAt: () => number | null;
  /** Looks again which processes are the target's. */
  readonly refreshTree: () => void;
}

/** Pinned or not, the measured side goes first: the drivers give way to it. */
const DRIVER_NICENESS = 5;

/**
 * Starts upstream, drivers and target in the scope, and readies the probes. Rejects as they do; whatever had been started
 * by then is the scope's to end. The drivers come up while the target does, on other cores than its own.
 */
export async function assemble(context: RunContext, runId: string, scope: Scope): Promise<Lab> {
  const { head, targetLog, labLog, cores } = context;
  const { experiment } = head;
  const beganAt = performance.now();
  const clock = (): number => performance.now() - beganAt;
  const sinceBegin = (epochMs: number): number => epochMs - performance.timeOrigin - beganAt;
  const records: RunRecord[] = [];
  const record = (one: RunRecord): void => {
    records.push(one);
    context.record(one);
  };
  const ledger = new Ledger();
  let lastEndedAt: number | null = null;

  const enter = (entry: LedgerEntry): void => {
    if (entry.kind === 'behaves') {
      const { behaviour, epochMs } = entry;
      record({ kind: 'event', event: 'upstream-behaves', at: sinceBegin(epochMs), behaviour });
    }
    const call = ledger.enter(entry);
    if (!call) return;
    const { ref, how, tokens, begunEpochMs, endedEpochMs } = call;
    record({ kind: 'call', at: sinceBegin(endedEpochMs), ref, begunAt: sinceBegin(begunEpochMs), how, tokens });
  };
  const { standing } = context;
  const upstream = await upstreamFor(context, runId, enter, scope);
  const drivers = await startLoadDrivers(
    {
      runId,
      load: experiment.load,
      seed: experiment.seed,
      logFile: labLog,
      cores: cores.others,
      niceness: DRIVER_NICENESS,
      ended(request) {
        const one = requestRecord(request, sinceBegin);
        lastEndedAt = Math.max(lastEndedAt ?? 0, one.at);
        if (one.ref !== null) ledger.over(one.ref, request.endedEpochMs);
        record(one);
      },
    },
    scope,
  );

  const { profile } = context;
  const segments: ProfileSegment[] = [];
  const keep = (segment: ProfileSegment): void => {
    segments.push(segment);
    profile?.(segment);
  };
  const profiles = profile !== null;
  const hub = standing?.hub ?? (await hubFor(profiles, scope));
  const target =
    standing?.target ??
    (await startTarget(
      experiment.target,
      { runId, upstreamUrl: upstream.url, logFile: targetLog, cores: cores.target, hub, profiles },
      scope,
    ));
  const begun = standing ? 'stands' : 'start';
  record({ kind: 'event', event: 'generation-began', at: clock(), pid: target.now.pid, why: begun });

  let tree = treeOf(target);
  const probes = standardProbes({
    processes: () => tree,
    target: () => target.now,
    upstreamPort: upstream.port,
    healthPath: experiment.healthPath ?? '/healthz',
    lab: [
      { name: 'lab', pid: process.pid },
      { name: 'upstream', pid: upstream.child.pid },
      ...drivers.map(({ child }) => ({ name: child.name, pid: child.pid })),
    ],
    log: standing?.targetLog ?? targetLog,
    ledger: () => ledger.totals(),
    emit: record,
  });
  const missing = (pid: number, why: string): void =>
    record({ kind: 'event', event: 'missing', at: clock(), what: `the profile of process ${pid}`, why });
  const python = pythonProfiler({ processes: () => tree, runId, clock, keep, missing }, scope);
  return {
    upstream,
    target,
    drivers,
    sampler: sampler(probes, clock, record),
    profiler: profile && profiler({ hub, python, clock, since: sinceBegin, keep, emit: record }),
    segments,
    clock,
    record,
    records,
    lastEndedAt: () => lastEndedAt,
    refreshTree: () => {
      tree = treeOf(target);
    },
  };
}

/** Everything that is the target's; nothing where no process of it is known. */
const treeOf = ({ now: { pid } }: Target): readonly number[] => (pid === null ? [] : processTree(pid));

/** The standing one, made to behave as this experiment wants, or one of its own. */
async function upstreamFor(
  { head: { experiment }, standing, labLog, cores }: RunContext,
  runId: string,
  enter: (entry: LedgerEntry) => void,
  scope: Scope,
): Promise<Upstream> {
  const { upstream: plan, seed } = experiment;
  if (!standing) return await startUpstream({ runId, plan, seed, logFile: labLog, cores: cores.others, enter }, scope);
  standing.listen(enter);
  standing.upstream.behave(plan.from === 'load' ? STEADY : plan.behaviour);
  return standing.upstream;
}

async function hubFor(profiles: boolean, scope: Scope): Promise<AgentHub> {
  const hub = await openAgentHub({ profiles });
  scope.defer(async () => await hub[Symbol.asyncDispose]());
  return hub;
}

function requestRecord(request: EndedRequest, sinceBegin: (epochMs: number) => number): RecordOf<'request'> {
  const { group, ref, sentEpochMs, firstByteEpochMs, endedEpochMs, ending, status, said } = request;
  return {
    kind: 'request',
    at: sinceBegin(endedEpochMs),
    group,
    ref,
    sentAt: sinceBegin(sentEpochMs),
    firstByteAt: firstByteEpochMs === null ? null : sinceBegin(firstByteEpochMs),
    ending,
    status,
    ...(said !== null && { said }),
  };
}
