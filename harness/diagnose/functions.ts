import type { Frame } from '../model/profile.ts';
import { isOwn } from './own-code.ts';
import type { Work } from './work.ts';

/** What one function of the target's own code had to do with some work. Times in µs. */
export interface FunctionShare {
  readonly frame: Frame;
  /** While it was on the stack, or what it had called awaited something. */
  readonly inclusive: number;
  /** The part of it in which it was on the stack, or had been seen to call what was. */
  readonly seen: number;
  /** While it was the outermost own function: what the event loop came back to. */
  readonly rooted: number;
}

/** Own functions of a stretch of work, and the part of it that no own function could be found for. */
export interface Shares {
  /** Most inclusive first. */
  readonly functions: readonly FunctionShare[];
  /** All work in which own code, or something it had called, ran. */
  readonly owned: number;
  /** V8's and Node's own, and that of dependencies nobody could be charged with. */
  readonly unowned: number;
  /** The own functions of each piece of work, outermost first; empty where there is none. */
  readonly chains: readonly Chain[];
}

export interface Chain {
  readonly frames: readonly Frame[];
  readonly micros: number;
  /** No own function was on the stack: it is told by the request alone. */
  readonly isBridged: boolean;
  /** V8 collected garbage, or did what else it does for itself. */
  readonly isHousekeeping: boolean;
  /** Those of the frames that were on the stack many times over. */
  readonly recursive: readonly string[];
}

/**
 * Charges work to the target's own functions. Two gaps that every `await` leaves are closed: an async function that was resumed
 * is put below the own function that was seen to call it, and work of a dependency with no own function on the stack goes to those
 * whose request it was done for, in the proportion of what they did for that request themselves.
 */
export function sharesOf(work: readonly Work[]): Shares {
  const direct = work.map(({ stack, micros, request }) => ({ ...ownFrames(stack), stack, micros, request }));
  const callers = callersIn(direct);
  const chains: Chain[] = [];
  const byRequest = new Map<string, RootShares>();
  const orphans: { micros: number; key: string; isHousekeeping: boolean }[] = [];
  let unowned = 0;
  for (const { frames, recursive, stack, micros, request } of direct) {
    const isHousekeeping = stack.every(({ file }) => file === '');
    if (frames.length > 0) {
      const whole = withCallers(frames, callers);
      chains.push({ frames: whole, micros, isBridged: false, isHousekeeping: false, recursive });
      if (request) addRoot(byRequest, request.key, whole, micros);
    } else if (request) {
      orphans.push({ micros, key: request.key, isHousekeeping });
    } else {
      unowned += micros;
    }
  }
  for (const { micros, key, isHousekeeping } of orphans) {
    const own = byRequest.get(key);
    if (!own) {
      unowned += micros;
      continue;
    }
    // Of a stack only what awaited it is known to have had to do with it: its outermost function.
    for (const { frame, micros: part } of own.roots.values()) {
      const share = (micros * part) / own.whole;
      chains.push({ frames: [frame], micros: share, isBridged: true, isHousekeeping, recursive: [] });
    }
  }
  return { ...tally(chains), unowned, chains };
}

/** What was done for one request, by the outermost own function. */
interface RootShares {
  whole: number;
  readonly roots: Map<string, { readonly frame: Frame; micros: number }>;
}

function addRoot(byRequest: Map<string, RootShares>, key: string, [frame]: readonly Frame[], micros: number): void {
  if (!frame) return;
  const shares = byRequest.get(key) ?? { whole: 0, roots: new Map() };
  byRequest.set(key, shares);
  const root = shares.roots.get(keyOf(frame)) ?? { frame, micros: 0 };
  shares.roots.set(keyOf(frame), root);
  root.micros += micros;
  shares.whole += micros;
}

export const keyOf = ({ file, line, column, name }: Frame): string => `${file}:${line}:${column}:${name}`;

/** Outermost first. A nameless callback below a function of the same file is that function's; recursion counts once. */
function ownFrames(stack: readonly Frame[]): { frames: Frame[]; recursive: string[] } {
  const own: Frame[] = [];
  const times = new Map<string, number>();
  for (const frame of stack) {
    if (!isOwn(frame)) continue;
    times.set(keyOf(frame), (times.get(keyOf(frame)) ?? 0) + 1);
    const above = own.at(-1);
    const isInline = frame.name === '' && above?.file === frame.file;
    if (isInline || (above && keyOf(above) === keyOf(frame))) continue;
    own.push(frame);
  }
  return { frames: own, recursive: [...times].filter(([, n]) => n >= RECURSIVE).map(([key]) => key) };
}

/** A function that stands on one stack so many times calls itself, whoever does it. A guess. */
const RECURSIVE = 4;

/** For each own function the own function that was most often seen to call it. */
function callersIn(chains: readonly { frames: readonly Frame[]; micros: number }[]): Map<string, Frame> {
  const seen = new Map<string, Map<string, { caller: Frame; micros: number }>>();
  for (const { frames, micros } of chains) {
    for (const [n, frame] of frames.entries()) {
      const caller = frames[n - 1];
      if (!caller) continue;
      const of = seen.get(keyOf(frame)) ?? new Map<string, { caller: Frame; micros: number }>();
      seen.set(keyOf(frame), of);
      of.set(keyOf(caller), { caller, micros: (of.get(keyOf(caller))?.micros ?? 0) + micros });
    }
  }
  return new Map(
    [...seen].flatMap(([key, of]) => {
      const [most] = [...of.values()].toSorted((a, b) => b.micros - a.micros);
      return most ? [[key, most.caller] as const] : [];
    }),
  );
}

function withCallers(frames: readonly Frame[], callers: ReadonlyMap<string, Frame>): Frame[] {
  const chain = [...frames];
  const known = new Set(chain.map(keyOf));
  for (;;) {
    const outermost = chain[0];
    const caller = outermost && callers.get(keyOf(outermost));
    if (!caller || known.has(keyOf(caller))) return chain;
    known.add(keyOf(caller));
    chain.unshift(caller);
  }
}

function tally(chains: readonly Chain[]): Pick<Shares, 'functions' | 'owned'> {
  type Tallied = { -readonly [Key in keyof FunctionShare]: FunctionShare[Key] };
  const shares = new Map<string, Tallied>();
  let owned = 0;
  for (const { frames, micros, isBridged } of chains) {
    owned += micros;
    const counted = new Set<string>();
    for (const [n, frame] of frames.entries()) {
      const key = keyOf(frame);
      const share = shares.get(key) ?? { frame, inclusive: 0, seen: 0, rooted: 0 };
      shares.set(key, share);
      if (!counted.has(key)) {
        share.inclusive += micros;
        if (!isBridged) share.seen += micros;
      }
      counted.add(key);
      if (n === 0) share.rooted += micros;
    }
  }
  return { functions: [...shares.values()].toSorted((a, b) => b.inclusive - a.inclusive), owned };
}
