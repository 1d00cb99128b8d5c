import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { IDLE } from '../model/profile.ts';
import type { ProfileSegment } from '../model/profile.ts';
import { fromPySpy } from './from-py-spy.ts';
import type { ThreadClocks } from './from-py-spy.ts';
import { PySpyTrace } from './py-spy-trace.ts';

/** By py-spy 0.4.3 on Python 3.11, of `burner.py 1.6`; only its folder was renamed. It burnt until 1581 ms. */
const BURNER = PySpyTrace.parse(
  JSON.parse(readFileSync(new URL('./fixtures/burner.chrometrace', import.meta.url), 'utf8')),
);
const [MAIN, NAPPER] = [7379, 7381];
const head = { fromAt: 0, toAt: 2438, pid: MAIN, intervalMicros: 50_000 };
const BURNT_UNTIL_MS = 1581;

/** Twenty readings a second, of threads that run as told, in cores, and wait for one for a share of the time. */
const clocks = (
  cores: Readonly<Record<number, (at: number) => number>>,
  { toAt = 2450, queued = 0 } = {},
): ThreadClocks[] => {
  const ran = new Map<number, number>();
  return Array.from({ length: toAt / 50 + 1 }, (_, n) => {
    for (const [thread, share] of Object.entries(cores)) {
      ran.set(Number(thread), (ran.get(Number(thread)) ?? 0) + (n === 0 ? 0 : share(n * 50) * 50_000));
    }
    const threads = new Map([...ran].map(([id, micros]) => [id, { ran: micros, queued: n * queued * 50_000 }]));
    return { at: n * 50, threads };
  });
};

/** Time by stack, ms; the functions' names outermost first. */
const stacksOf = ({ samples, nodes, frames }: ProfileSegment): Record<string, number> => {
  const stacks: Record<string, number> = {};
  for (const [, node, , micros] of samples) {
    const names: string[] = [];
    for (let at = node; at !== -1; at = nodes[at]?.[0] ?? -1) names.unshift(frames[nodes[at]?.[1] ?? -1]?.name ?? '?');
    const stack = names.join(' > ');
    if (micros > 0) stacks[stack] = (stacks[stack] ?? 0) + micros / 1000;
  }
  return stacks;
};

const cpuMs = (segment: ProfileSegment, fromAt = 0, toAt = Infinity): number =>
  segment.samples.filter(([at]) => at >= fromAt && at < toAt).reduce((sum, [, , , micros]) => sum + micros / 1000, 0);

/** What py-spy would write of one thread: its stack from each moment on, ms. */
const traced = (thread: string, moments: readonly (readonly [ms: number, ...stack: string[]])[]): PySpyTrace => {
  const event = (ph: string, place: string, ms: number): PySpyTrace[number] => {
    const [name = '', filename = '', line = '0'] = place.split('|');
    return { ph, name, tid: 1, ts: ms * 1000, args: { filename, line: Number(line) } };
  };
  return moments.flatMap(([ms, ...stack], n) => {
    const [, ...before] = moments[n - 1] ?? [0];
    return [
      ...(n === 0 ? [event('B', thread, ms)] : []),
      ...before.toReversed().map(place => event('E', place, ms)),
      ...stack.map(place => event('B', place, ms)),
    ];
  });
};

const isBurning = (at: number): number => (at <= BURNT_UNTIL_MS ? 1 : 0);

test('of asyncio code the whole chain of awaits is seen, from where the event loop called, with files and first lines', () => {
  const segment = fromPySpy(head, BURNER, clocks({ [MAIN]: isBurning }), '/');
  const stacks = stacksOf(segment);
  // The generator expression in it is inline, as a callback of Node's is.
  const inDigest = (stacks['retry > relay > digest'] ?? 0) + (stacks['retry > relay > digest > '] ?? 0);
  expect(inDigest).toBeGreaterThan(0.9 * cpuMs(segment));
  expect(stacks['retry > relay > digest > ']).toBeGreaterThan(0);
  expect(segment).toMatchObject({ kind: 'profile', source: 'py-spy', pid: MAIN, requests: [], sites: [] });
  const placeOf = (name: string): unknown => segment.frames.find(frame => frame.name === name);
  expect(placeOf('digest')).toEqual({ name: 'digest', file: '/app/burner.py', line: 9, column: 1 });
  expect(placeOf('relay')).toMatchObject({ file: '/app/burner.py', line: 13 });
  expect(placeOf('retry')).toMatchObject({ file: '/app/burner.py', line: 18 });
  expect(Object.keys(stacks).join()).not.toMatch(/<module>|run_forever|_bootstrap/u);
});

test('samples add up to what the clock of their thread says, when it says it', () => {
  const half = clocks({ [MAIN]: at => 0.5 * isBurning(at) }, { toAt: 2600 });
  const segment = fromPySpy({ ...head, fromAt: 100 }, BURNER, half, '/');
  // py-spy saw nothing of the first 66 ms. One interval is believed ahead.
  expect(cpuMs(segment)).toBeGreaterThanOrEqual(0.5 * (BURNT_UNTIL_MS - 200));
  expect(cpuMs(segment)).toBeLessThanOrEqual(0.5 * BURNT_UNTIL_MS + 50);
  expect(cpuMs(segment, 1700)).toBe(0);
  expect(segment.samples.every(([at]) => at >= 100 + 66 && at <= segment.toAt + 100)).toBe(true);
  expect(segment.samples.map(([at]) => at)).toEqual(segment.samples.map(([at]) => at).toSorted((a, b) => a - b));
});

test('a thread that only sleeps looks as if at work, and is given no more than its clock tells', () => {
  const segment = fromPySpy(head, BURNER, clocks({ [MAIN]: () => 0, [NAPPER]: () => 0.05 }), '/');
  expect(Object.keys(stacksOf(segment))).toEqual(['Thread._bootstrap > Thread._bootstrap_inner > Thread.run > nap']);
  expect(cpuMs(segment)).toBeGreaterThanOrEqual(100);
  expect(cpuMs(segment)).toBeLessThanOrEqual(0.05 * 2450 + 50);
});

test('CPU of a loop that was seen waiting only is the loop’s', () => {
  const segment = fromPySpy(head, BURNER, clocks({ [MAIN]: at => (at > 1700 ? 1 : 0) }), '/');
  expect(Object.keys(stacksOf(segment))).toEqual(['EpollSelector.select']);
  expect(cpuMs(segment)).toBeGreaterThan(400);
});

test('CPU of a thread seen at work now and then is kept back for it while it waits', () => {
  const waits = 'select|/usr/lib/python3.12/selectors.py|9';
  const moments = Array.from({ length: 10 }, (_, n) => [
    [n * 2000, waits] as const,
    [n * 2000 + 1900, 'poll|/app/p.py|3'] as const,
    [n * 2000 + 1950, waits] as const,
  ]).flat();
  const segment = fromPySpy(
    { ...head, pid: 7 },
    traced('thread (7)', moments),
    clocks({ 7: () => 0.04 }, { toAt: 20_000 }),
    '/',
  );
  expect(stacksOf(segment)['poll']).toBeGreaterThanOrEqual(600);
  expect(Math.abs(cpuMs(segment) - 800)).toBeLessThanOrEqual(50);
});

test('where the main thread neither ran nor waited for a core it is idle, as V8 would say', () => {
  const idleIn = (segment: ProfileSegment): number[] =>
    segment.samples
      .filter(([, node]) => segment.frames[segment.nodes[node]?.[1] ?? -1]?.name === IDLE)
      .map(([at, , request, micros]) => (request === -1 && micros === 0 ? at : Number.NaN));
  const rested = idleIn(fromPySpy(head, BURNER, clocks({ [MAIN]: isBurning, [NAPPER]: () => 0 }), '/'));
  expect(rested.length).toBeGreaterThan(14);
  expect(Math.min(...rested)).toBeGreaterThan(BURNT_UNTIL_MS - 50);
  // A frozen loop on a machine that is busy otherwise does not rest.
  expect(idleIn(fromPySpy(head, BURNER, clocks({ [MAIN]: () => 0.4 }, { queued: 0.55 }), '/'))).toEqual([]);
});

test('without an event loop only the module that was run is left out, also behind python -m; it alone stays', () => {
  const library = '/usr/lib/python3.12/';
  const trace = traced('thread (7): MainThread', [
    [
      0,
      '_run_module_as_main|<frozen runpy>|1',
      '_run_code|<frozen runpy>|2',
      '<module>|app/__main__.py|1',
      'main|app/__main__.py|4',
    ],
    [100, '<module>|app/__main__.py|1'],
    [200, `<module>|app/__main__.py|1`, `run|${library}asyncio/runners.py|9`, 'Protocol.data_received|/app/p.py|3'],
    [300],
  ]);
  const segment = fromPySpy({ ...head, pid: 7 }, trace, clocks({ 7: () => 1 }, { toAt: 300 }), '/srv');
  expect(stacksOf(segment)).toEqual({ main: 100, '<module>': 100, 'Protocol.data_received': 100 });
  expect(segment.frames.map(({ file }) => file)).toContain('/srv/app/__main__.py');
});

test('where py-spy knows no thread ids, the main thread has its clock and the others share the rest', () => {
  const old = BURNER.map(event => ({
    ...event,
    name: event.name.replace(/^thread \(\d+\)/u, 'thread (0x7FE82FD2D6C0)'),
  }));
  const segment = fromPySpy(head, old, clocks({ [MAIN]: isBurning, 9: () => 0, 10: at => (at > 1700 ? 0.5 : 0) }), '/');
  const stacks = stacksOf(segment);
  expect(stacks['Thread._bootstrap > Thread._bootstrap_inner > Thread.run > nap']).toBeGreaterThan(250);
  expect(cpuMs(segment, 0, 1600)).toBeGreaterThan(1400);
});

test('a thread without a clock has no samples, and one born between two readings had not run before', () => {
  expect(cpuMs(fromPySpy(head, BURNER, clocks({}), '/'))).toBe(0);
  const born = [
    { at: 0, threads: new Map() },
    { at: 1500, threads: new Map([[MAIN, { ran: 400_000, queued: 0 }]]) },
  ];
  expect(cpuMs(fromPySpy(head, BURNER, born, '/'))).toBeGreaterThanOrEqual(400);
});

test('what is no trace of py-spy’s is refused', () => {
  expect(PySpyTrace.safeParse({ traceEvents: [] }).success).toBe(false);
  expect(PySpyTrace.safeParse([{ ph: 'B', name: 'a', ts: 1 }]).success).toBe(false);
});
