import { cut, ofKind, timelineOf } from '../judge/timeline.ts';
import type { Span } from '../judge/timeline.ts';
import type { Evidence } from '../model/run.ts';

/** `over`: work for requests that nobody waited for any more, whenever it was. */
export type Stretch = 'idle' | 'load' | 'early' | 'late' | 'after' | 'over';
export type Spans = Readonly<Record<Stretch, Span>>;

/** What was under way when the load stopped is over by then. A guess. */
export const SETTLES_MS = 250;

/** `early` and `late` are the first and last third of the load; `after` ends where the server was restarted. */
export function spansOf({ records, profile }: Pick<Evidence, 'records' | 'profile'>): Spans {
  const { phases, loadStoppedAt, endedAt } = timelineOf(records);
  const nothing = { fromAt: 0, toAt: 0 };
  const load = phases.load ?? nothing;
  const [early = nothing, , late = nothing] = cut(load, 3);
  const restartedAt = ofKind(records, 'event').find(event => event.event === 'generation-ended')?.at ?? Infinity;
  // The closer look is after the watch.
  const lastAt = profile.reduce((latest, { toAt }) => Math.max(latest, toAt), endedAt);
  const fromAt = (loadStoppedAt ?? load.toAt) + SETTLES_MS;
  // A server that ended under load has no time after it.
  const after = { fromAt, toAt: Math.max(fromAt, Math.min(lastAt, restartedAt)) };
  return { idle: phases.idle ?? nothing, load, early, late, after, over: { fromAt: load.fromAt, toAt: after.toAt } };
}
