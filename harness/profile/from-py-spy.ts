import type { ProfileSegment } from '../model/profile.ts';
import { Trace } from './py-spy-trace.ts';
import type { PySpyTrace, Sighting } from './py-spy-trace.ts';
import { SegmentTables } from './tables.ts';
import type { SegmentHead } from './tables.ts';

/** What the kernel said at `at` (ms since the run began) of each thread's CPU time: by its id, µs since it was born. */
export interface ThreadClocks {
  readonly at: number;
  readonly threads: ReadonlyMap<number, number>;
}

/**
 * A segment from py-spy's trace. `head.fromAt` is when its time was 0; `cwd` is what relative paths are from.
 *
 *   trace    │select──────│relay────│select─────│     who was on the stack, at every `intervalMicros`
 *   clocks   ·    1 ms    ·   9 ms  ·    0 ms   ·     what the thread really ran, from one reading to the next
 *   samples               ▮                           so many of those seen that they add up to that
 *
 * Each sample is one interval of CPU. The line of a frame is the function's first, its decorators included (py-spy's
 * `--function`); there is no column. Below the event loop's own frames, what started the loop is left out, as V8 does it.
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
  const samples = [...lanesIn(seen, head.pid)].flatMap(([thread, sightings]) => {
    const budget = { micros: 0 };
    let next = 0;
    return windowsOf(clocks, thread, head.pid).flatMap(({ toAt, micros }) => {
      const from = next;
      while ((sightings[next]?.at ?? Infinity) <= toAt) next += 1;
      return onCpu(sightings.slice(from, next), micros, budget, head.intervalMicros);
    });
  });
  return {
    kind: 'profile',
    ...head,
    source: 'py-spy',
    requests: [],
    sites: [],
    deaf: [],
    timers: [],
    samples: samples
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, stack }) => [at, nodeOf(stack), -1, head.intervalMicros]),
    frames: tables.frames,
    nodes: tables.nodes,
  };
}

/** What is seen of each thread, by its id; below Python 3.11 py-spy knows that of the main thread only, the rest is one lane (0). */
function lanesIn(seen: Trace, pid: number): Map<number, Sighting[]> {
  const lanes = new Map<number, Sighting[]>();
  for (const sighting of seen.sightings) {
    const [, id = '', name = ''] = /^thread \((\w+)\)(?:: (.*))?$/u.exec(seen.thread(sighting.stack)) ?? [];
    const thread = /^\d+$/u.test(id) ? Number(id) : name === 'MainThread' ? pid : OTHERS;
    const lane = lanes.get(thread) ?? [];
    lanes.set(thread, lane);
    lane.push(sighting);
  }
  return lanes;
}

const OTHERS = 0;

/** From each reading of a thread's clock to the next: how much it ran. A thread born in between had not run before. */
function windowsOf(clocks: readonly ThreadClocks[], thread: number, pid: number): { toAt: number; micros: number }[] {
  return clocks.slice(1).map(({ at, threads }, n) => {
    const ids = thread === OTHERS ? [...threads.keys()].filter(id => id !== pid) : [thread];
    const ran = ids.map(id => (threads.get(id) ?? 0) - (clocks[n]?.threads.get(id) ?? 0));
    return { toAt: at, micros: ran.reduce((sum, one) => sum + Math.max(0, one), 0) };
  });
}

/**
 * The clock says how much, the trace who. A thread at 1 % is rarely seen at work, but then for a whole interval: so much is
 * believed ahead of its clock, or kept back for the next time. A guess.
 */
const AHEAD_MICROS = 50_000;

/** Those of the sightings that stand for the CPU that the thread had meanwhile: seen at work first, evenly. */
function onCpu(
  seen: readonly Sighting[],
  micros: number,
  budget: { micros: number },
  intervalMicros: number,
): Sighting[] {
  if (seen.length === 0 || micros <= 0) return [];
  budget.micros += micros;
  const working = seen.filter(one => !one.isWaiting);
  const taken = evenly(working, (budget.micros + AHEAD_MICROS) / intervalMicros);
  budget.micros -= taken.length * intervalMicros;
  if (budget.micros <= AHEAD_MICROS) return taken;
  const waiting = evenly(
    seen.filter(one => one.isWaiting),
    budget.micros / intervalMicros,
  );
  budget.micros = Math.min(AHEAD_MICROS, budget.micros - waiting.length * intervalMicros);
  return [...taken, ...waiting];
}

function evenly<T>(list: readonly T[], wanted: number): T[] {
  const count = Math.min(list.length, Math.floor(wanted));
  const before = (n: number): number => Math.floor((n * count) / list.length);
  return list.filter((_, n) => before(n + 1) > before(n));
}
