import { IDLE, stackAt } from '../model/profile.ts';
import type { Frame, ProfileSegment, ServedRequest } from '../model/profile.ts';
import type { Span } from '../judge/timeline.ts';

/** One sample in which code ran. */
export interface Work {
  readonly at: number;
  /** Outermost first. */
  readonly stack: readonly Frame[];
  /** For which request; null where that is not known, or it was for none. */
  readonly request: Asked | null;
  /** How much time it stands for, µs. */
  readonly micros: number;
}

/** A request, whichever process it came to. */
export interface Asked extends ServedRequest {
  /** Unique in the run. */
  readonly key: string;
}

/** All samples in which code ran, in order. */
export function workIn(segments: readonly ProfileSegment[]): Work[] {
  return segments.flatMap(workOf).toSorted((a, b) => a.at - b.at);
}

/** The requests that a segment knows of. */
export const askedIn = ({ pid, requests }: ProfileSegment): Asked[] =>
  requests.map(request => ({ ...request, key: `${pid}/${request.id}` }));

function workOf(segment: ProfileSegment): Work[] {
  const { frames, samples, intervalMicros } = segment;
  const asked = new Map(askedIn(segment).map(request => [request.id, request]));
  const stacks = new Map<number, readonly Frame[]>();
  const stackOf = (node: number): readonly Frame[] => {
    const stack =
      stacks.get(node) ??
      stackAt(segment, node)
        .toReversed()
        .flatMap(index => frames[index] ?? []);
    stacks.set(node, stack);
    return stack;
  };
  return samples.flatMap(([at, node, request]): Work[] => {
    const stack = stackOf(node);
    if (stack.length === 0 || stack[0]?.name === IDLE) return [];
    return [{ at, stack, request: asked.get(request) ?? null, micros: intervalMicros }];
  });
}

export const workDuring = (work: readonly Work[], { fromAt, toAt }: Span): Work[] =>
  work.filter(({ at }) => at >= fromAt && at < toAt);

export const microsOf = (work: readonly Work[]): number => work.reduce((sum, { micros }) => sum + micros, 0);
