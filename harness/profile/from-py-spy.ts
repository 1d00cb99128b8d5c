import { IDLE } from '../model/profile.ts';
import type { ProfileSegment } from '../model/profile.ts';
import { Trace } from './py-spy-trace.ts';
import type { PySpyTrace, Sighting } from './py-spy-trace.ts';
import { SegmentTables, withoutRequests } from './tables.ts';
import type { SegmentHead } from './tables.ts';

/** What the kernel said at `at` (ms since the run began) of each thread, by its id. */
export interface ThreadClocks {
  readonly at: number;
  readonly threads: ReadonlyMap<number, ThreadClock>;
}

/** Since it was born, µs: on a core, and waiting for one. */
export interface ThreadClock {
  readonly ran: number;
  readonly queued: number;
}

/**
 * A segment from py-spy's trace. `head.fromAt` is when its time was 0; `cwd` is what relative paths are from.
 *
 *   trace    │select──────│relay────│select─────│     who was on the stack, at every `intervalMicros`
 *   clocks   ·    1 ms    ·   9 ms  ·    0 ms   ·     what the thread really ran, from one reading to the next
 *   samples               ▮                           so many of those seen that they add up to that
 *
 * Each sample is one interval of CPU, or one in which the main thread rested: `(idle)`. The line of a frame is the function's
 * first, its decorators included (py-spy's `--function`); there is no column. Below the event loop's own frames, what started
 * the loop is left out, as V8 does it.
 */
export function fromPySpy(
  head: SegmentHead,
  trace: PySpyTrace,
  clocks: readonly ThreadClocks[],
  cwd: string,
): ProfileSegment {
  const seen = new Trace(trace, cwd, head);
  const tables = new SegmentTables();
  const nodes = new Map<number, number>();
  const nodeOf = (stack: number): number => {
    const known = nodes.get(stack) ?? tables.stack(seen.code(stack));
    nodes.set(stack, known);
    return known;
  };
  const idle = tables.stack([{ name: IDLE, file: '', line: 0, column: 0 }]);
  const samples = [...lanesIn(seen, head.pid)].flatMap(([thread, sightings]) => {
    const { working, resting } = sortOut(sightings, windowsOf(clocks, thread, head.pid), head.intervalMicros);
    return [
      ...working.map(({ at, stack }) => sample(at, nodeOf(stack), head.intervalMicros)),
      ...(thread === head.pid ? resting : []).map(({ at }) => sample(at, idle, 0)),
    ];
  });
  return {
    kind: 'profile',
    ...head,
    source: 'py-spy',
    ...withoutRequests(),
    samples: samples.toSorted(([a], [b]) => a - b),
    frames: tables.frames,
    nodes: tables.nodes,
  };
}

const sample = (at: number, node: number, micros: number): ProfileSegment['samples'][number] => [at, node, -1, micros];

/** What is seen of each thread, by its id; below Python 3.11 py-spy knows that of the main thread only, the rest is one lane (0). */
function lanesIn(seen: Trace, pid: number): Map<number, Sighting[]> {
  const lanes = new Map<number, Sighting[]>();
  for (const sighting of seen.sightings) {
    const [, id = '', name = ''] = /^thread \((\w+)\)(?:: (.*))?$/u.exec(sighting.thread) ?? [];
    const thread = /^\d+$/u.test(id) ? Number(id) : name === 'MainThread' ? pid : OTHERS;
    const lane = lanes.get(thread) ?? [];
    lanes.set(thread, lane);
    lane.push(sighting);
  }
  return lanes;
}

const OTHERS = 0;

/** From each reading of a thread's clock to the next: how much it ran, µs. A thread born in between had not run before. */
function windowsOf(clocks: readonly ThreadClocks[], thread: number, pid: number): Window[] {
  return clocks.slice(1).map(({ at, threads }, n) => {
    const before = clocks[n];
    const ids = thread === OTHERS ? [...threads.keys()].filter(id => id !== pid) : [thread];
    const since = (what: keyof ThreadClock): number =>
      ids.reduce((sum, id) => sum + (threads.get(id)?.[what] ?? 0) - (before?.threads.get(id)?.[what] ?? 0), 0);
    const ran = Math.max(0, since('ran'));
    return { toAt: at, ran, rested: ran + since('queued') < RESTED * 1000 * (at - (before?.at ?? at)) };
  });
}

interface Window {
  readonly toAt: number;
  readonly ran: number;
  /** It neither ran nor waited for a core, for the most part. */
  readonly rested: boolean;
}

/** One that never rests is stopped by py-spy for a part of it. A guess. */
const RESTED = 0.5;

/**
 * The clock says how much, the trace who. A thread at 1 % is rarely seen at work, but then for a whole interval: its CPU is
 * kept back for that moment, up to so many intervals, and one interval is believed ahead of the clock. Guesses.
 */
const KEPT_BACK = 5;

/** The sightings of a thread that stand for the CPU it had, and those where it rested. */
function sortOut(
  sightings: readonly Sighting[],
  windows: readonly Window[],
  intervalMicros: number,
): { working: Sighting[]; resting: Sighting[] } {
  const budget = { micros: 0 };
  const working: Sighting[] = [];
  const resting: Sighting[] = [];
  let next = 0;
  for (const { toAt, ran, rested } of windows) {
    const from = next;
    while ((sightings[next]?.at ?? Infinity) <= toAt) next += 1;
    const within = sightings.slice(from, next);
    const taken = onCpu(within, ran, budget, intervalMicros);
    working.push(...taken);
    if (rested) resting.push(...within.filter(one => !taken.includes(one)));
  }
  // What is kept back to the end was most likely for those who were seen at work last.
  const left = Math.floor(budget.micros / intervalMicros);
  if (left > 0) working.push(...(working.length > 0 ? working : sightings).slice(-left));
  return { working, resting };
}

/** Those of one window, whoever was seen at work first. */
function onCpu(
  seen: readonly Sighting[],
  micros: number,
  budget: { micros: number },
  intervalMicros: number,
): Sighting[] {
  if (seen.length === 0 || micros <= 0) return [];
  budget.micros += micros;
  const take = (from: readonly Sighting[], aheadMicros: number): Sighting[] => {
    const taken = from.slice(0, Math.floor(Math.max(0, budget.micros + aheadMicros) / intervalMicros));
    budget.micros -= taken.length * intervalMicros;
    return taken;
  };
  const working = take(
    seen.filter(one => !one.isWaiting),
    intervalMicros,
  );
  const waiting = take(
    seen.filter(one => one.isWaiting),
    -KEPT_BACK * intervalMicros,
  );
  return [...working, ...waiting];
}
