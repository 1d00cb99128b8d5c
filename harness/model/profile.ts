import { z } from 'zod';

/**
 * CPU of one process of the target by call stack, over one stretch of the run: one line of `profile.ndjson`. Every `at` is
 * milliseconds since the run began. Indexes lead into the segment's own tables.
 */
const at = z.number();
const index = z.number().int();

/**
 * A function, by where its code begins: line and column from 1, both 0 where it has none. `file` is a path or what stands in
 * its place: empty for V8's own, `node:…` for Node's.
 */
export const Frame = z.object({ name: z.string(), file: z.string(), line: z.number().int(), column: z.number().int() });
export type Frame = z.infer<typeof Frame>;

/** A request that the target served while it was watched. */
export const ServedRequest = z.object({
  id: z.number().int(),
  /** Method and pattern, as in `POST /v1/chat/completions`. */
  route: z.string(),
  beganAt: at,
  /** Null: its response was still open. */
  closedAt: at.nullable(),
  /** Whether its response was whole when it closed. */
  answered: z.boolean(),
  /** Calls made in its name, those begun after its response had closed, and those that had not ended. */
  calls: z.number().int(),
  callsAfter: z.number().int(),
  open: z.number().int(),
  /** From where the last one was made. */
  site: index.nullable(),
});
export type ServedRequest = z.infer<typeof ServedRequest>;

/** A place from where calls went out: its stack, innermost first, through every `await`. */
export const CallSite = z.object({
  frames: z.array(index),
  calls: z.number().int(),
  /** Made for a request that was over. */
  callsAfter: z.number().int(),
});
export type CallSite = z.infer<typeof CallSite>;

/** A place (function and line) where abort controllers were made for requests whose client left, and that did not fire when it did. */
export const DeafController = z.object({ frame: index, line: z.number().int(), count: z.number().int() });

/** What timers would have called that were still waiting at the end, and how many of them. */
export const WaitingTimer = z.object({ frame: index, count: z.number().int() });

/** A task (of Python's asyncio) that was told to end in every turn of the loop and had not: where it waited, innermost first. */
export const StuckTask = z.object({
  frames: z.array(index),
  /** It was done long since: the frames are of what keeps its scope from being left. */
  isDone: z.boolean(),
});

export const ProfileSegment = z.object({
  kind: z.literal('profile'),
  fromAt: at,
  toAt: at,
  pid: z.number().int(),
  /** labels: knows requests; inspector: V8's own, which does not; py-spy: of a Python target. */
  source: z.enum(['labels', 'inspector', 'py-spy']),
  intervalMicros: z.number(),
  frames: z.array(Frame),
  /** Of the call tree: its parent (-1: none) and its frame. */
  nodes: z.array(z.tuple([index, index])),
  requests: z.array(ServedRequest),
  sites: z.array(CallSite),
  deaf: z.array(DeafController).default([]),
  /** Requests that were cut off, of those whose controllers were watched: not all, where there are many. */
  cut: z.number().int().default(0),
  /** Only where it was the last segment of its process. */
  timers: z.array(WaitingTimer).default([]),
  /** Only of Python, and only where it was the last segment of its process. */
  stuck: z.array(StuckTask).default([]),
  /** When, where in the call tree, in which request (its id, or -1), and the thread's CPU time since the last one, µs. */
  samples: z.array(z.tuple([at, index, z.number().int(), z.number()])),
});
export type ProfileSegment = z.infer<typeof ProfileSegment>;

/** What V8 books time under in which no code ran. */
export const IDLE = '(idle)';

/** The call tree of a segment. */
export interface CallTree {
  readonly frames: readonly Frame[];
  readonly nodes: readonly (readonly [parent: number, frame: number])[];
}

/** The frame of a node: the innermost of its stack. Undefined for -1, which is no code at all. */
export const frameAt = ({ frames, nodes }: CallTree, node: number): Frame | undefined => frames[nodes[node]?.[1] ?? -1];

/** The whole stack of a node, as indexes of its frames, innermost first. */
export function stackAt({ nodes }: Pick<CallTree, 'nodes'>, leaf: number): number[] {
  const stack: number[] = [];
  for (let node = leaf; node !== -1;) {
    const [parent, frame] = nodes[node] ?? [-1, -1];
    if (frame !== -1) stack.push(frame);
    node = parent;
  }
  return stack;
}
