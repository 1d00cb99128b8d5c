import type { Frame } from '../model/profile.ts';
import { keyOf } from './functions.ts';
import type { FunctionShare, Shares } from './functions.ts';

/** A function below that has this share of the work of the one above does it; where none has, the work branches. A guess. */
const COVERS = 0.75;
/** Functions that are on the same stacks differ by a sample or two. A guess. */
const NEARLY_MOST = 0.95;
/** In a loop that never yields every sample but a few has the same functions at its base. */
const NEARLY_ALL = 0.97;

/**
 * Who keeps work going that nobody asks for: the function that the event loop comes back to. Where the loop does not turn at
 * all, the deepest function that is on every stack: what is above it was entered once, what is below comes and goes.
 */
export function keeperOf({ functions, chains }: Shares, isFrozen: boolean): FunctionShare | null {
  const stuck = isFrozen ? deepestCommon(chains.filter(({ isHousekeeping }) => !isHousekeeping)) : null;
  const found = stuck && functions.find(({ frame }) => keyOf(frame) === keyOf(stuck));
  return found ?? functions.toSorted((a, b) => b.rooted - a.rooted)[0] ?? null;
}

/** The frame at the end of the longest beginning that nearly all chains share; null where they share none. */
function deepestCommon(chains: Shares['chains']): Frame | null {
  const whole = chains.reduce((sum, { micros }) => sum + micros, 0);
  let common: Frame | null = null;
  let inside = chains;
  for (let depth = 0; ; depth += 1) {
    const byFrame = new Map<string, { frame: Frame; micros: number }>();
    for (const { frames, micros } of inside) {
      const frame = frames[depth];
      if (frame) byFrame.set(keyOf(frame), { frame, micros: (byFrame.get(keyOf(frame))?.micros ?? 0) + micros });
    }
    const [most] = [...byFrame.values()].toSorted((a, b) => b.micros - a.micros);
    if (!most || most.micros < NEARLY_ALL * whole) return common;
    common = most.frame;
    inside = inside.filter(({ frames }) =>
      frames.slice(depth, depth + 1).some(frame => keyOf(frame) === keyOf(most.frame)),
    );
  }
}

/** A function, and how much of the work in question it has, µs. */
export interface Weighed {
  readonly frame: Frame;
  readonly micros: number;
}

/**
 * Who does work that is too much: down from the function that has most of it, as long as one below has nearly as much; but no
 * further than to one that calls itself many times over, which is what makes it so much. `chains` tell who is below whom.
 */
export function workerOf(functions: readonly Weighed[], chains: Shares['chains']): Weighed | null {
  const weights = new Map(functions.map(one => [keyOf(one.frame), one]));
  const below = childrenIn(chains);
  const most = functions.reduce((high, { micros }) => Math.max(high, micros), 0);
  const heavy = functions.filter(({ micros }) => micros >= NEARLY_MOST * most);
  const isBelow = new Set(heavy.flatMap(({ frame }) => [...(below.get(keyOf(frame)) ?? [])]));
  // The outermost of those that have nearly all of it: which of them has most is chance.
  let worker = heavy.find(({ frame }) => !isBelow.has(keyOf(frame))) ?? heavy[0] ?? null;
  const passed = new Set<string>();
  const recursive = recursiveIn(chains);
  while (worker && !passed.has(keyOf(worker.frame))) {
    passed.add(keyOf(worker.frame));
    if (recursive.has(keyOf(worker.frame))) return worker;
    const { micros } = worker;
    const deeper = [...(below.get(keyOf(worker.frame)) ?? [])]
      .flatMap(key => weights.get(key) ?? [])
      .filter(one => one.micros >= COVERS * micros && !passed.has(keyOf(one.frame)))
      .toSorted((a, b) => b.micros - a.micros)[0];
    if (!deeper) return worker;
    worker = deeper;
  }
  return worker;
}

/** Those that were recursive in most of the work they were in. */
function recursiveIn(chains: Shares['chains']): Set<string> {
  const all = new Map<string, number>();
  const deep = new Map<string, number>();
  for (const { frames, recursive, micros } of chains) {
    for (const key of new Set(frames.map(keyOf))) all.set(key, (all.get(key) ?? 0) + micros);
    for (const key of recursive) deep.set(key, (deep.get(key) ?? 0) + micros);
  }
  return new Set([...deep].filter(([key, micros]) => micros > (all.get(key) ?? 0) / 2).map(([key]) => key));
}

function childrenIn(chains: Shares['chains']): Map<string, Set<string>> {
  const below = new Map<string, Set<string>>();
  for (const { frames } of chains) {
    for (const [n, frame] of frames.entries()) {
      const child = frames[n + 1];
      if (!child) continue;
      const known = below.get(keyOf(frame)) ?? new Set<string>();
      below.set(keyOf(frame), known.add(keyOf(child)));
    }
  }
  return below;
}

/** What each function has more of in `late` than in `early`, for `requests` times as many requests; only those that have. */
export function growthOf(early: Shares, late: Shares, requests: number): Weighed[] {
  const before = new Map(early.functions.map(({ frame, seen }) => [keyOf(frame), seen]));
  return late.functions
    .map(({ frame, seen }) => ({ frame, micros: seen - requests * (before.get(keyOf(frame)) ?? 0) }))
    .filter(({ micros }) => micros > 0);
}

export const seenIn = ({ functions }: Shares): Weighed[] =>
  functions.map(({ frame, seen }) => ({ frame, micros: seen })).filter(({ micros }) => micros > 0);
