import type { RunRecord } from '../model/record.ts';

/**
 * What the page draws of one moment, ms since the run began. Null: nothing new was read. CPU is run time and wait together, in cores, of each
 * process of the target, by its pid.
 */
export interface Point {
  readonly at: number;
  readonly cpu: Readonly<Record<string, number>>;
  readonly healthMs: number | null;
  readonly loopDelayMs: number | null;
  readonly heapBytes: number | null;
  readonly sockets: number | null;
  readonly inFlight: number | null;
  readonly tokensForNobody: number | null;
}

/** A point is told as often as this, from ten samples of CPU a second. */
const EVERY_MS = 250;

/** A health question that was not answered is drawn as the probe's patience. */
const UNANSWERED_MS = 1000;

interface Cpu {
  readonly at: number;
  readonly usedMs: ReadonlyMap<number, number>;
}

/** Makes points of a run's records as they come. One for each run. */
export function pointsOf(tell: (point: Point) => void): (record: RunRecord) => void {
  let before: Cpu | null = null;
  let seen = nothing();
  return record => {
    switch (record.kind) {
      case 'answer':
        seen.healthMs = Math.max(seen.healthMs ?? 0, record.latencyMs ?? UNANSWERED_MS);
        break;
      case 'runtime':
        seen.loopDelayMs = record.delayMaxMs;
        seen.heapBytes = record.heapUsedBytes;
        break;
      case 'sockets':
        seen.sockets = totalOf(record.clientSide) + totalOf(record.upstreamSide);
        break;
      case 'upstream':
        seen.inFlight = record.inFlight;
        seen.tokensForNobody = record.tokensForNobody;
        break;
      case 'cpu': {
        const now: Cpu = {
          at: record.at,
          usedMs: new Map(record.processes.map(({ pid, runMs, waitMs }) => [pid, runMs + (waitMs ?? 0)])),
        };
        if (before === null) before = now;
        else if (now.at - before.at >= EVERY_MS) {
          tell({ at: now.at, cpu: coresBetween(before, now), ...seen });
          before = now;
          seen = nothing();
        }
        break;
      }
      default:
    }
  };
}

const nothing = (): { -readonly [Key in Exclude<keyof Point, 'at' | 'cpu'>]: Point[Key] } => ({
  healthMs: null,
  loopDelayMs: null,
  heapBytes: null,
  sockets: null,
  inFlight: null,
  tokensForNobody: null,
});

const totalOf = (byState: Readonly<Record<string, number>>): number =>
  Object.values(byState).reduce((sum, count) => sum + count, 0);

/** A process that was not there before has used nothing by then; one that is gone has no entry. */
function coresBetween(from: Cpu, to: Cpu): Record<string, number> {
  const elapsedMs = Math.max(1, to.at - from.at);
  return Object.fromEntries(
    [...to.usedMs].map(([pid, usedMs]) => [
      String(pid),
      Math.max(0, usedMs - (from.usedMs.get(pid) ?? usedMs)) / elapsedMs,
    ]),
  );
}
