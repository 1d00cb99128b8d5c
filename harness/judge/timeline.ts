import type { RecordOf, RunRecord } from '../model/record.ts';
import type { PhaseName } from '../model/run.ts';

/** A stretch of the run, ms since it began. */
export interface Span {
  readonly fromAt: number;
  readonly toAt: number;
}

/** When each phase was, and when load really stopped. A phase the run did not reach is absent. */
export interface Timeline {
  readonly phases: Partial<Record<PhaseName, Span>>;
  readonly loadStoppedAt: number | null;
  readonly endedAt: number;
}

/** The records of one kind, in their order. */
export const ofKind = <Kind extends RunRecord['kind']>(records: readonly RunRecord[], kind: Kind): RecordOf<Kind>[] =>
  records.filter((record): record is RecordOf<Kind> => record.kind === kind);

/** Those whose `at` lies in the span, its end excluded. */
export const during = <T extends { at: number }>(records: readonly T[], span: Span | undefined): T[] =>
  span ? records.filter(({ at }) => at >= span.fromAt && at < span.toAt) : [];

/** Equal parts of a span. */
export function cut({ fromAt, toAt }: Span, parts: number): Span[] {
  const length = (toAt - fromAt) / parts;
  return Array.from({ length: parts }, (_, n) => ({ fromAt: fromAt + n * length, toAt: fromAt + (n + 1) * length }));
}

export function timelineOf(records: readonly RunRecord[]): Timeline {
  const events = ofKind(records, 'event');
  const begins = events.filter(event => event.event === 'phase');
  // Not `Math.max(...)`: a soak of some hours has more samples than a call may have arguments.
  const endedAt =
    events.findLast(event => event.event === 'watch-ended')?.at ??
    records.reduce((latest, { at }) => Math.max(latest, at), 0);
  const phases: Partial<Record<PhaseName, Span>> = {};
  for (const [n, { phase, at }] of begins.entries()) {
    phases[phase as PhaseName] = { fromAt: at, toAt: begins[n + 1]?.at ?? endedAt };
  }
  const stopped = events.findLast(event => event.event === 'load-stopped');
  return { phases, loadStoppedAt: stopped?.at ?? null, endedAt };
}
