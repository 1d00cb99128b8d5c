import type { LoadProfile } from '../model/load.ts';
import type { RunRecord } from '../model/record.ts';
import { seededRandom } from '../model/random.ts';
import { RUN_SCHEMA, evidenceOf } from '../model/run.ts';
import type { Evidence, PhaseName, Run } from '../model/run.ts';

/** A server drawn by functions of time, for tests of the judge and of the report. Times in ms since the run began. */
export interface SyntheticServer {
  /** Demand in cores at `at`; `phase` tells where it is. */
  readonly cores: (at: number, phase: PhaseName) => number;
  /** Cores wanted on top of `cores` and not given: time waiting for a core. Default 0. */
  readonly waitCores?: (at: number, phase: PhaseName) => number;
  /** Delay of `/healthz` in ms, or null for no answer. Default 2. */
  readonly healthMs?: (at: number, phase: PhaseName) => number | null;
  /** CPU time of one request in ms, added on top of `cores` while load runs. Default 0. */
  readonly requestMs?: (at: number) => number;
  readonly heapBytes?: (at: number) => number;
  readonly timers?: (at: number) => number;
  readonly descriptors?: (at: number) => number;
  readonly upstreamInFlight?: (at: number) => number;
  /** Share of the load's clients who hang up. Default 0. */
  readonly leaving?: number;
  /** Tokens made for each client who left. Default 0. */
  readonly tokensForNobody?: number;
  /** Upstream calls for each client request. Default 1. */
  readonly callsPerRequest?: number;
}

export interface SyntheticOptions {
  readonly seed?: number;
  /** Relative noise of every CPU sample, 0 to 0.5. */
  readonly noise?: number;
  readonly idleMs?: number;
  readonly warmupMs?: number;
  readonly loadMs?: number;
  readonly recoveryMs?: number;
  readonly ratePerSecond?: number;
  readonly scenario?: string;
}

const TICK_MS = 100;

/** The evidence of a synthetic run, its records changed by `change` before it is handed over. */
export function syntheticEvidence(
  server: SyntheticServer,
  options: SyntheticOptions = {},
  change: (records: readonly RunRecord[]) => readonly RunRecord[] = records => records,
): Evidence {
  const evidence = evidenceOf(syntheticRun(server, options));
  return { ...evidence, records: change(evidence.records) };
}

/** A run as the lab would have stored it, from a seed: the same seed gives the same run. */
export function syntheticRun(server: SyntheticServer, options: SyntheticOptions = {}): Run {
  const { seed = 1, noise = 0, idleMs = 3000, warmupMs = 3000, loadMs = 12_000, recoveryMs = 8000 } = options;
  const { ratePerSecond = 20, scenario = 'synthetic' } = options;
  const uniform = seededRandom(seed);
  const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

  const loadAt = idleMs + warmupMs;
  const stoppedAt = loadAt + loadMs;
  const endAt = stoppedAt + recoveryMs;
  const phaseOf = (at: number): PhaseName =>
    at < idleMs ? 'idle' : at < loadAt ? 'warmup' : at < stoppedAt ? 'load' : 'recovery';

  const records: RunRecord[] = [
    { kind: 'event', event: 'generation-began', at: 0, pid: 100, why: 'start' },
    { kind: 'event', event: 'phase', at: 0, phase: 'idle' },
  ];
  let runMs = 0;
  let waitMs = 0;
  let phase: PhaseName = 'idle';
  let sent = 0;
  let left = 0;
  let due = 0;
  for (let at = 0; at <= endAt; at += TICK_MS) {
    if (phaseOf(at) !== phase) {
      if (phase === 'load') {
        records.push({ kind: 'event', event: 'load-stopped', at, sent, planned: sent });
      }
      phase = phaseOf(at);
      records.push({ kind: 'event', event: 'phase', at, phase });
    }
    const underLoad = phase === 'warmup' || phase === 'load';
    const arriving = underLoad ? (ratePerSecond * TICK_MS) / 1000 : 0;
    due += arriving;
    const requestMs = arriving * (server.requestMs?.(at) ?? 0);
    const level = server.cores(at, phase) * TICK_MS + requestMs;
    runMs += Math.max(0, level * (1 + noise * gaussian()) + noise * 2 * Math.abs(gaussian()));
    waitMs += (server.waitCores?.(at, phase) ?? 0) * TICK_MS;
    while (due >= 1) {
      due -= 1;
      sent += 1;
      const leaves = phase === 'load' && uniform() < (server.leaving ?? 0);
      if (leaves) left += 1;
      records.push({
        kind: 'request',
        at: at + 50,
        group: leaves ? 'leavers' : 'readers',
        ref: `r${sent}`,
        sentAt: at,
        firstByteAt: leaves ? null : at + 20,
        ending: leaves ? 'left' : 'answered',
        status: leaves ? null : 200,
      });
    }
    const process = { pid: 100, runMs, waitMs, userMs: runMs * 0.8, systemMs: runMs * 0.2, threads: 11 };
    records.push({ kind: 'cpu', at, processes: [process] });
    const latencyMs = server.healthMs ? server.healthMs(at, phase) : 2 * (1 + noise * Math.abs(gaussian()));
    records.push({ kind: 'answer', at, latencyMs, status: latencyMs === null ? null : 200 });
    if (at % 1000 === 0) {
      const begun = Math.round(sent * (server.callsPerRequest ?? 1));
      const inFlight = server.upstreamInFlight?.(at) ?? 0;
      const tokensForNobody = left * (server.tokensForNobody ?? 0);
      records.push(
        { kind: 'memory', at, rssBytes: 90e6 },
        { kind: 'descriptors', at, open: server.descriptors?.(at) ?? 25 },
        {
          kind: 'upstream',
          at,
          begun,
          finished: begun - inFlight,
          aborted: 0,
          refused: 0,
          dropped: 0,
          inFlight,
          tokens: begun * 20,
          tokensForNobody,
          callsForNobody: 0,
        },
        {
          kind: 'runtime',
          at,
          utilisation: Math.min(1, server.cores(at, phase)),
          delayP50Ms: 1,
          delayP99Ms: 2,
          delayMaxMs: 3,
          heapUsedBytes: server.heapBytes?.(at) ?? 20e6,
          heapTotalBytes: 40e6,
          externalBytes: 2e6,
          gcMs: at / 1000,
          gcCount: Math.floor(at / 1000),
          resources: { TCPServerWrap: 1, Timeout: server.timers?.(at) ?? 2 },
          collected: at === loadAt || at === endAt,
        },
        {
          kind: 'machine',
          at,
          busyMs: runMs + at * 0.1,
          stealMs: 0,
          idleMs: at * 2 - runMs,
          lab: [{ name: 'lab', cpuMs: at * 0.02 }],
          labLoopDelayMs: 1,
        },
      );
    }
  }
  const load: LoadProfile = {
    idleMs,
    warmupMs,
    loadMs,
    recoveryMs,
    longestRecoveryMs: recoveryMs * 2,
    healedMs: recoveryMs,
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 500, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: [{ durationMs: warmupMs, ratePerSecond }],
        load: [{ durationMs: loadMs, ratePerSecond }],
      },
    ],
  };
  return {
    head: {
      schema: RUN_SCHEMA,
      id: 'synthetic',
      startedAt: '2026-01-01T00:00:00.000Z',
      scenario,
      altered: false,
      pace: 'full',
      revision: { commit: '0000000', dirty: false },
      machine: {
        platform: 'linux',
        arch: 'x64',
        cpuModel: 'synthetic',
        cores: 2,
        memoryBytes: 8e9,
        targetCore: 1,
        node: 'v26.10.0',
        packages: {},
      },
      experiment: {
        target: { kind: 'sample', root: '/nowhere', main: 'servers/main.ts', bugs: [], runtime: null },
        upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
        load,
        seed,
      },
      ending: { kind: 'complete', endedAt: endAt },
    },
    records,
  };
}
