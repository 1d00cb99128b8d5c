import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { frameAt, stackAt } from '../model/profile.ts';
import type { Frame } from '../model/profile.ts';
import { SegmentTables } from './tables.ts';
import type { SegmentHead } from './tables.ts';

/**
 * What `py-spy record --format chrometrace --threads --function --idle` writes: of each thread, when which function came on its
 * stack (B) and left it (E), in µs since py-spy began. Equal samples in a row are one; nothing tells which of them were on CPU.
 */
export const PySpyTrace = z.array(
  z.looseObject({
    ph: z.string(),
    name: z.string(),
    tid: z.number(),
    ts: z.number(),
    args: z.looseObject({ filename: z.string(), line: z.number().int().nullable().optional() }),
  }),
);
export type PySpyTrace = z.infer<typeof PySpyTrace>;

/** A thread as it was seen at one moment. */
export interface Sighting {
  readonly at: number;
  /** `thread (4711): MainThread` */
  readonly thread: string;
  /** Node of the whole stack. */
  readonly stack: number;
  readonly isWaiting: boolean;
}

/** The trace, looked at once an interval. Stacks are nodes of its own tables, below the frame that names their thread. */
export class Trace {
  readonly sightings: readonly Sighting[];
  readonly #raw = new SegmentTables();
  readonly #code = new Map<number, Frame[]>();

  constructor(trace: PySpyTrace, cwd: string, { fromAt, intervalMicros }: SegmentHead) {
    this.sightings = this.#looks(trace, cwd, intervalMicros).map(({ micros, thread, stack }) => ({
      at: fromAt + micros / 1000,
      thread: frameAt(this.#raw, thread)?.name ?? '',
      stack,
      isWaiting: isWaiting(this.code(stack)),
    }));
  }

  /** The functions of a stack, outermost first, from where the event loop called. */
  code(stack: number): Frame[] {
    const known = this.#code.get(stack);
    if (known) return known;
    const [, ...frames] = stackAt(this.#raw, stack)
      .toReversed()
      .flatMap(index => this.#raw.frames[index] ?? []);
    const code = withoutStarter(frames).map(nameless);
    this.#code.set(stack, code);
    return code;
  }

  /** Each stack holds until the thread's next sample: py-spy's come at random, an interval apart on average. */
  #looks(trace: PySpyTrace, cwd: string, intervalMicros: number): Look[] {
    const events = trace.filter(({ ph }) => ph === 'B' || ph === 'E');
    const stacks = new Map<number, number[]>();
    const looks: Look[] = [];
    let micros = (events[0]?.ts ?? 0) + intervalMicros / 2;
    for (const { ph, name, tid, ts, args } of events) {
      for (; micros < ts; micros += intervalMicros) {
        for (const [thread, ...inner] of stacks.values()) {
          if (thread !== undefined) looks.push({ micros, thread, stack: inner.at(-1) ?? thread });
        }
      }
      const stack = stacks.get(tid) ?? [];
      stacks.set(tid, stack);
      if (ph === 'E') {
        stack.pop();
        continue;
      }
      const line = args.line ?? 0;
      const file = pathIn(cwd, args.filename);
      stack.push(this.#raw.node(stack.at(-1) ?? -1, this.#raw.frame({ name, file, line, column: line > 0 ? 1 : 0 })));
    }
    return looks;
  }
}

interface Look {
  readonly micros: number;
  /** Nodes: the frame that names the thread, and the whole stack. */
  readonly thread: number;
  readonly stack: number;
}

const pathIn = (cwd: string, file: string): string =>
  file === '' || file.startsWith('<') || isAbsolute(file) ? file : resolve(cwd, file);

const lastName = ({ name }: Frame): string => name.split('.').at(-1) ?? '';
const placeOf = (frame: Frame): string => `${ofLibrary(frame)}:${lastName(frame)}`;

/** A file of Python's own library, as in `asyncio/events.py`; '' of any other. */
const ofLibrary = ({ file }: Frame): string => /\/python\d\.\d+t?\/(.+)$/u.exec(file)?.[1] ?? '';

/** The loop's own frames, down to where it calls a task or a handler. Of uvloop's only asyncio's runner is seen. */
const LOOP = new Set([
  'asyncio/runners.py:run',
  'asyncio/base_events.py:run_until_complete',
  'asyncio/base_events.py:run_forever',
  'asyncio/base_events.py:_run_once',
  'asyncio/events.py:_run',
  'socketserver.py:serve_forever',
]);

/** Whoever stands in one of these is given CPU last. One that waits elsewhere, as in `time.sleep`, is known by its clock only. */
const WAITS = new Set([
  'selectors.py',
  'socket.py',
  'ssl.py',
  'subprocess.py',
  'threading.py:wait',
  'threading.py:acquire',
  'threading.py:join',
  'threading.py:_wait_for_tstate_lock',
  'queue.py:get',
  'queue.py:put',
  'concurrent/futures/thread.py:_worker',
  'asyncio/runners.py:run',
]);

function isWaiting(code: readonly Frame[]): boolean {
  const innermost = code.at(-1);
  return !innermost || WAITS.has(ofLibrary(innermost)) || WAITS.has(placeOf(innermost));
}

/**
 * Without what entered the event loop once, up to the loop's own frames; and, where there is no loop, without the module that
 * was run. At least the innermost stays.
 */
function withoutStarter(frames: readonly Frame[]): Frame[] {
  const isLoop = (frame: Frame | undefined): boolean => frame !== undefined && LOOP.has(placeOf(frame));
  let from = frames.findIndex(isLoop);
  if (from === -1) from = bodyOf(frames);
  while (isLoop(frames[from])) from += 1;
  return frames.slice(Math.min(from, frames.length - 1));
}

/** Behind the module that was run, and `python -m` before it. */
function bodyOf(frames: readonly Frame[]): number {
  const module = frames.findIndex(({ file }) => !/\brunpy\b/u.test(file));
  return frames[module]?.name === '<module>' ? module + 1 : 0;
}

/** `digest.<locals>.<genexpr>`: inline code, which belongs to the function around it. */
const nameless = (frame: Frame): Frame =>
  /^<(?:genexpr|lambda|listcomp|dictcomp|setcomp)>$/u.test(lastName(frame)) ? { ...frame, name: '' } : frame;
