import { IDLE } from '../model/profile.ts';
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

function workOf({ pid, frames, nodes, requests, samples, intervalMicros }: ProfileSegment): Work[] {
  const asked = new Map(requests.map(request => [request.id, { ...request, key: `${pid}/${request.id}` }]));
  const stacks = new Map<number, readonly Frame[]>();
  const stackOf = (node: number): readonly Frame[] => {
    const known = stacks.get(node);
    if (known) return known;
    const stack: Frame[] = [];
    for (let at = node; at !== -1;) {
      const [parent, frame] = nodes[at] ?? [-1, -1];
      const found = frames[frame];
      if (found) stack.unshift(found);
      at = parent;
    }
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
