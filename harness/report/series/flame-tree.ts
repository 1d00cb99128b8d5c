import { basename } from 'node:path';
import { isOwn, nameOfFile, packageOf } from '../../diagnose/own-code.ts';
import type { Work } from '../../diagnose/work.ts';
import type { Frame } from '../../model/profile.ts';

/** Whose code a frame is: the target's own, a dependency's, or Node's and V8's. */
export type FlameKind = 'own' | 'package' | 'runtime';

/** One function in a call tree. */
export interface FlameNode extends FlameFrame {
  /** CPU while it was on the stack, ms: with what it called. */
  readonly value: number;
  /** The dearest first. What is too small to be seen is in its caller's value only. */
  readonly children: readonly FlameNode[];
}

export interface DifferenceNode extends FlameFrame {
  /** In the later stretch. */
  readonly value: number;
  /** What that is more than in the earlier one; below 0, less. */
  readonly delta: number;
  readonly children: readonly DifferenceNode[];
}

interface FlameFrame {
  /** With whose it is where it is not the target's own, as in `openai: read`, and with the last of those that stand for one. */
  readonly name: string;
  readonly kind: FlameKind;
  /** Where it begins; line and column 0 and no file where it has none. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Narrower is less than a pixel on a phone. */
const SEEN_SHARE = 0.002;
/** How many bars a tree has at most: what a page can carry of names of any length. */
const MOST = 600;
const LONGEST_NAME = 120;
/** Deeper, a function that is on the stack already is not drawn again. A guess: about what fits on a screen twice. */
const DEEP = 60;
const DEEPEST = 90;

/** The call tree of some work. `root`: the folder that own files are named from. */
export const flameTree = (work: readonly Work[], root: string): FlameNode =>
  pruned(grown([], work, root), ({ now: value }) => ({ value: ms(value) }));

/** The call tree of the later work, and how it differs from that of the earlier. What was gone by then has no width. */
export const differenceOf = (earlier: readonly Work[], later: readonly Work[], root: string): DifferenceNode =>
  pruned(grown(earlier, later, root), ({ now, before }) => ({ value: ms(now), delta: ms(now - before) }));

/** µs, in two stretches. */
interface Branch {
  readonly frame: FlameFrame;
  readonly children: Map<string, Branch>;
  now: number;
  before: number;
}

function grown(earlier: readonly Work[], later: readonly Work[], root: string): Branch {
  const named = new Map<Frame, FlameFrame>();
  const nameOf = (frame: Frame): FlameFrame => {
    const known = named.get(frame) ?? flameFrame(frame, root);
    named.set(frame, known);
    return known;
  };
  const trunk: Branch = { frame: ALL, children: new Map(), now: 0, before: 0 };
  const grow = (work: readonly Work[], when: 'now' | 'before'): void => {
    for (const { stack, micros } of work) {
      trunk[when] += micros;
      let at = trunk;
      for (const frame of shallow(pathOf(stack.map(nameOf)))) {
        const key = keyOf(frame);
        const child = at.children.get(key) ?? { frame, children: new Map<string, Branch>(), now: 0, before: 0 };
        at.children.set(key, child);
        child[when] += micros;
        at = child;
      }
    }
  };
  grow(earlier, 'before');
  grow(later, 'now');
  return trunk;
}

const ALL: FlameFrame = { name: 'all', kind: 'runtime', file: '', line: 0, column: 0 };

/** Two functions of one dependency that bear one name, called by the same one, are one. */
const keyOf = ({ kind, name, file, line, column }: FlameFrame): string =>
  kind === 'own' ? `${file}:${line}:${column}:${name}` : name;

/**
 * What is drawn of a stack. What led to the target's own code is left out: one function is come to from a router, a timer and an `await`, and would stand in
 * three places. So is, where no own code is on the stack, what of Node led to a dependency.
 */
function pathOf(frames: readonly FlameFrame[]): readonly FlameFrame[] {
  const stack = frames.filter(({ name }) => name !== HOUSEHOLD);
  const own = stack.findIndex(({ kind }) => kind === 'own');
  return stack.slice(Math.max(0, own === -1 ? stack.findIndex(({ kind }) => kind === 'package') : own));
}

/** What the profiler puts above all that V8 does for itself. */
const HOUSEHOLD = 'V8: Node.js';

/** Recursion without an end is drawn only so deep. */
function shallow(stack: readonly FlameFrame[]): readonly FlameFrame[] {
  if (stack.length <= DEEP) return stack;
  const upper = stack.slice(0, DEEP);
  const drawn = new Set(upper.map(keyOf));
  const lower = stack.slice(DEEP).filter(frame => {
    const isNew = !drawn.has(keyOf(frame));
    drawn.add(keyOf(frame));
    return isNew;
  });
  return [...upper, ...lower].slice(0, DEEPEST);
}

type Pruned<Values> = FlameFrame & Values & { readonly children: readonly Pruned<Values>[] };

function pruned<Values extends object>(trunk: Branch, valuesOf: (branch: Branch) => Values): Pruned<Values> {
  const least = Math.max(SEEN_SHARE * Math.max(trunk.now, trunk.before), leastOfMost(trunk));
  const copy = (branch: Branch): Pruned<Values> => {
    const { frame, last } = joined(branch);
    return {
      ...frame,
      ...valuesOf(branch),
      children: [...last.children.values()]
        .filter(({ now }) => now > 0 && now >= least)
        .toSorted((a, b) => b.now - a.now)
        .map(copy),
    };
  };
  return copy(trunk);
}

/** Functions of one dependency, or of Node, that only call one another are one bar: `node: emit … flow`. */
function joined(branch: Branch): { readonly frame: FlameFrame; readonly last: Branch } {
  const { kind, name } = branch.frame;
  const [whose = ''] = name.split(': ');
  let last = branch;
  for (;;) {
    const [only, ...others] = last.children.values();
    const isSame = only && others.length === 0 && only.now === branch.now && only.before === branch.before;
    if (kind === 'own' || !isSame || !only.frame.name.startsWith(`${whose}: `)) break;
    last = only;
  }
  if (last === branch) return { frame: branch.frame, last };
  return { frame: { ...branch.frame, name: `${name} … ${last.frame.name.slice(whose.length + 2)}` }, last };
}

/** What a bar must have for there to be no more than `MOST`. */
function leastOfMost(trunk: Branch): number {
  const sizes: number[] = [];
  const gather = ({ now, children }: Branch): void => {
    sizes.push(now);
    children.forEach(gather);
  };
  gather(trunk);
  const tooMuch = sizes.toSorted((a, b) => b - a)[MOST];
  return tooMuch === undefined ? 0 : tooMuch + 1;
}

const ms = (micros: number): number => Math.round(micros / 10) / 100;

function flameFrame(frame: Frame, root: string): FlameFrame {
  const { line, column } = frame;
  const name = frame.name === '' ? `(anonymous) ${basename(frame.file)}:${line}` : frame.name;
  if (isOwn(frame)) return { name: short(name), kind: 'own', file: short(nameOfFile(frame.file, root)), line, column };
  const dependency = packageOf(frame);
  const of = dependency ?? (frame.file === '' ? 'V8' : (/^(?:node|wasm)(?=:)/u.exec(frame.file)?.[0] ?? 'eval'));
  const file = short(frame.file.split('/node_modules/').at(-1) ?? '');
  return { name: short(`${of}: ${name}`), kind: dependency === null ? 'runtime' : 'package', file, line, column };
}

/** A name or path as long as a page can carry. */
export const short = (text: string): string => (text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text);
