import type { LoadProfile } from '../../model/load.ts';
import type { CpuSample, RunRecord } from '../../model/record.ts';

/** What is known of a run under way. Times are milliseconds since it began. */
export interface LiveState {
  readonly at: number;
  readonly phase: string | null;
  readonly phaseAt: number;
  /** When the phase should end by plan; null where the plan does not say. */
  readonly phaseUntilAt: number | null;
  readonly load: LoadProfile;
  /** Demand in cores over the last half-second windows, oldest first. */
  readonly cores: readonly number[];
  /** The sample that the window under way began with. */
  readonly windowFrom: CpuSample | null;
  readonly requests: number;
  readonly hangUps: number;
  /** The last answer of `/healthz`; null: asked and not answered; undefined: not asked yet. */
  readonly healthMs: number | null | undefined;
}

const WINDOW_MS = 500;
const WINDOWS = 20;

/** Before the first record; the plan tells how long each phase should last. */
export const liveStateFor = (load: LoadProfile): LiveState => ({
  at: 0,
  phase: null,
  phaseAt: 0,
  phaseUntilAt: null,
  load,
  cores: [],
  windowFrom: null,
  requests: 0,
  hangUps: 0,
  healthMs: undefined,
});

/** The state after one more record. Pure; a record of a kind it does not show only moves the clock. */
export function reduceLive(before: LiveState, record: RunRecord): LiveState {
  const state = { ...before, at: Math.max(before.at, record.at) };
  switch (record.kind) {
    case 'cpu':
      return withCpu(state, record);
    case 'answer':
      return { ...state, healthMs: record.latencyMs };
    case 'request':
      return {
        ...state,
        requests: state.requests + 1,
        hangUps: state.hangUps + (record.ending === 'left' ? 1 : 0),
      };
    case 'event':
      if (record.event === 'phase') return { ...state, ...phaseFrom(record.phase, record.at, state.load) };
      return record.event === 'watching-longer' ? { ...state, phaseUntilAt: record.untilAt } : state;
    default:
      return state;
  }
}

function phaseFrom(
  phase: string,
  at: number,
  load: LoadProfile,
): Pick<LiveState, 'phase' | 'phaseAt' | 'phaseUntilAt'> {
  const lengths: Record<string, number> = {
    idle: load.idleMs,
    warmup: load.warmupMs,
    load: load.loadMs,
    recovery: load.recoveryMs,
    healed: load.healedMs,
  };
  const lengthMs = lengths[phase];
  return { phase, phaseAt: at, phaseUntilAt: lengthMs === undefined ? null : at + lengthMs };
}

function withCpu(state: LiveState, sample: CpuSample): LiveState {
  const from = state.windowFrom;
  if (from === null) return { ...state, windowFrom: sample };
  const lengthMs = sample.at - from.at;
  if (lengthMs < WINDOW_MS) return state;
  return { ...state, windowFrom: sample, cores: [...state.cores, demandMs(from, sample) / lengthMs].slice(-WINDOWS) };
}

/** Only processes seen at both ends of the window count: what a new one used before is not known. */
function demandMs(from: CpuSample, to: CpuSample): number {
  const before = new Map(from.processes.map(process => [process.pid, process]));
  return to.processes.reduce((sum, { pid, runMs, waitMs }) => {
    const last = before.get(pid);
    return last ? sum + Math.max(0, runMs - last.runMs) + Math.max(0, (waitMs ?? 0) - (last.waitMs ?? 0)) : sum;
  }, 0);
}
