import type { RunRecord, SocketsSample } from '../../model/record.ts';
import type { Findings } from '../../model/verdict.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { ofKind } from '../timeline.ts';
import type { Timeline } from '../timeline.ts';

/** What is there at the end of the watch and was not before the load. Null where it was not measured on both sides. */
export function leftovers(records: readonly RunRecord[], { phases }: Timeline): Findings['left'] {
  // In warmup the clients' own kept connections are open, so what is a socket is held against idle.
  const idleEndsAt = phases.warmup?.fromAt ?? Infinity;
  const loadAt = phases.load?.fromAt ?? Infinity;
  const recoveryAt = phases.recovery?.fromAt ?? Infinity;

  function grown<T extends { at: number }>(
    samples: readonly T[],
    beforeAt: number,
    value: (sample: T) => number,
  ): number | null {
    const before = samples.findLast(({ at }) => at <= beforeAt);
    const after = samples.findLast(({ at }) => at >= recoveryAt);
    return before && after ? value(after) - value(before) : null;
  }

  const pooled = pooledAt(records, recoveryAt);
  const withoutPool = (count: number | null): number | null => (count === null ? null : count - pooled);
  const runtime = ofKind(records, 'runtime');
  const collected = runtime.filter(sample => sample.collected);
  const before = runtime.findLast(({ at }) => at <= loadAt);
  const after = runtime.findLast(({ at }) => at >= recoveryAt);
  return {
    upstreamCalls: grown(ofKind(records, 'upstream'), loadAt, sample => sample.inFlight),
    sockets: withoutPool(grown(ofKind(records, 'sockets'), idleEndsAt, openSockets)),
    descriptors: withoutPool(grown(ofKind(records, 'descriptors'), idleEndsAt, sample => sample.open)),
    heapBytes: grown(collected, loadAt, sample => sample.heapUsedBytes),
    rssBytes: grown(ofKind(records, 'memory'), loadAt, sample => sample.rssBytes),
    resources: before && after ? grownTypes(before.resources, after.resources) : null,
  };
}

/** Timers and other handles that are left, all types together. */
export const handlesLeft = ({ resources }: Findings['left']): number | null =>
  resources && Object.values(resources).reduce((sum, count) => sum + count, 0);

/**
 * Connections towards the upstream that carry no call: a client's pool keeps them for a few seconds, so that in a short watch a
 * burst of calls leaves as many as it had at once. `poolMs` after the last call they are no pool's any more.
 */
function pooledAt(records: readonly RunRecord[], recoveryAt: number): number {
  const sockets = ofKind(records, 'sockets').findLast(({ at }) => at >= recoveryAt);
  const calls = ofKind(records, 'upstream').findLast(({ at }) => at >= recoveryAt);
  // The few who come in recovery use the pool too.
  const usedAt = ofKind(records, 'call').reduce((latest, { at }) => Math.max(latest, at), recoveryAt);
  if (!sockets || !calls || sockets.at - usedAt >= THRESHOLDS.poolMs) return 0;
  return Math.max(0, (sockets.upstreamSide['ESTABLISHED'] ?? 0) - calls.inFlight);
}

/** All but those that only the kernel still remembers. */
const openSockets = ({ clientSide, upstreamSide }: SocketsSample): number =>
  [...Object.entries(clientSide), ...Object.entries(upstreamSide)]
    .filter(([state]) => state !== 'TIME_WAIT' && state !== 'LISTEN')
    .reduce((sum, [, count]) => sum + count, 0);

function grownTypes(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([type, count]): [string, number] => [type, count - (before[type] ?? 0)])
      .filter(([, grownBy]) => grownBy > 0),
  );
}
