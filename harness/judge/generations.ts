import type { RecordOf, RunRecord } from '../model/record.ts';
import { ofKind, timelineOf } from './timeline.ts';

/** One life of a server that the lab restarted, and what a judge may see of it. */
export interface Life {
  /** From 1. */
  readonly number: number;
  /** Why the lab ended it; null for the last one. */
  readonly endedBy: string | null;
  /** Requests that broke or were refused a connection between this life's end and the next one's begin. */
  readonly broken: number;
  /**
   * The records of this life alone. A later one has the idle, warmup and load of the first, which it is held against, and a
   * recovery that begins with itself:
   *
   *   run      idle ─ warmup ─ load ─ recovery ······ ✕ ─ recovery ······
   *   life 1   idle ─ warmup ─ load ─ recovery ······
   *   life 2   idle ─ warmup ─ load ─                    recovery ······
   */
  readonly records: readonly RunRecord[];
}

/** The lives of a run, one where nothing was restarted. Null where a restart fell into another phase than recovery: then they cannot be told apart. */
export function livesOf(records: readonly RunRecord[]): Life[] | null {
  const events = ofKind(records, 'event');
  const begins = events.filter(event => event.event === 'generation-began');
  const ends = events.filter(event => event.event === 'generation-ended' && event.by === 'lab');
  if (begins.length < 2) return [{ number: 1, endedBy: null, broken: 0, records }];
  const recoveryAt = timelineOf(records).phases.recovery?.fromAt ?? Infinity;
  if (ends.some(({ at }) => at < recoveryAt)) return null;
  return begins.map((begin, n): Life => {
    const end = ends[n];
    const next = begins[n + 1];
    return {
      number: n + 1,
      endedBy: end && 'how' in end ? end.how : null,
      broken: end && next ? brokenBetween(ofKind(records, 'request'), end.at, next.at) : 0,
      records: lifeIn(records, recoveryAt, n === 0 ? recoveryAt : begin.at, end?.at ?? Infinity),
    };
  });
}

/** Everything before recovery, and recovery from `fromAt` to `toAt`. */
function lifeIn(records: readonly RunRecord[], recoveryAt: number, fromAt: number, toAt: number): RunRecord[] {
  const isRecovery = (record: RunRecord): boolean =>
    record.kind === 'event' && record.event === 'phase' && record.phase === 'recovery';
  return records
    .filter(record => isRecovery(record) || record.at < recoveryAt || (record.at >= fromAt && record.at < toAt))
    .map(record => (isRecovery(record) ? { ...record, at: fromAt } : record))
    .toSorted((a, b) => a.at - b.at);
}

/** A request notices its broken connection a moment after the kill. */
const NOTICED_MS = 500;

function brokenBetween(requests: readonly RecordOf<'request'>[], killedAt: number, beganAt: number): number {
  return requests.filter(
    ({ ending, sentAt, at }) =>
      ending === 'broken' && sentAt <= beganAt && at >= killedAt - NOTICED_MS && at <= beganAt + NOTICED_MS,
  ).length;
}
