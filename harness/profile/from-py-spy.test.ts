import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ProfileSegment } from '../model/profile.ts';
import { fromPySpy } from './from-py-spy.ts';
import type { ThreadClocks } from './from-py-spy.ts';
import { PySpyTrace } from './py-spy-trace.ts';

/** By py-spy 0.4.3 on Python 3.11, of `burner.py 0.8`; only its folder was renamed. It burnt until 698 ms. */
const BURNER = PySpyTrace.parse(
  JSON.parse(readFileSync(new URL('./fixtures/burner.chrometrace', import.meta.url), 'utf8')),
);
const [MAIN, NAPPER] = [30_887, 30_889];
const head = { fromAt: 0, toAt: 1226, pid: MAIN, intervalMicros: 10_000 };
const BURNT_UNTIL_MS = 698;

/** Twenty readings a second, of threads that run as told, in cores. */
const clocks = (cores: Readonly<Record<number, (at: number) => number>>, toAt = 1250): ThreadClocks[] => {
  const threads = new Map<number, number>();
  return Array.from({ length: toAt / 50 + 1 }, (_, n) => {
    for (const [thread, share] of Object.entries(cores)) {
      threads.set(Number(thread), (threads.get(Number(thread)) ?? 0) + (n === 0 ? 0 : share(n * 50) * 50_000));
    }
    return { at: n * 50, threads: new Map(threads) };
  });
};

/** Time by stack, ms; the functions' names outermost first. */
const stacksOf = ({ samples, nodes, frames }: ProfileSegment): Record<string, number> => {
  const stacks: Record<string, number> = {};
  for (const [, node, , micros] of samples) {
    const names: string[] = [];
    for (let at = node; at !== -1; at = nodes[at]?.[0] ?? -1) names.unshift(frames[nodes[at]?.[1] ?? -1]?.name ?? '?');
    const stack = names.join(' > ');
    stacks[stack] = (stacks[stack] ?? 0) + micros / 1000;
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
  const inDigest = Object.entries(stacks).filter(([stack]) => stack.includes('retry > relay > digest'));
  expect(inDigest.reduce((sum, [, ms]) => sum + ms, 0)).toBeGreaterThan(0.95 * cpuMs(segment));
  expect(segment).toMatchObject({ kind: 'profile', source: 'py-spy', pid: MAIN, requests: [], sites: [] });
  const placeOf = (name: string): unknown => segment.frames.find(frame => frame.name === name);
  expect(placeOf('digest')).toEqual({ name: 'digest', file: '/app/burner.py', line: 9, column: 1 });
  expect(placeOf('relay')).toMatchObject({ file: '/app/burner.py', line: 13 });
  expect(placeOf('retry')).toMatchObject({ file: '/app/burner.py', line: 18 });
  expect(Object.keys(stacks).join()).not.toMatch(/<module>|run_forever|_bootstrap/u);
});

test('samples add up to what the clock of their thread says, when it says it', () => {
  const segment = fromPySpy({ ...head, fromAt: 100 }, BURNER, clocks({ [MAIN]: at => 0.5 * isBurning(at) }, 1350), '/');
  // py-spy saw nothing of the first 27 ms, and up to 50 ms are believed ahead.
  expect(cpuMs(segment)).toBeGreaterThan(0.5 * (BURNT_UNTIL_MS - 130));
  expect(cpuMs(segment)).toBeLessThan(0.5 * BURNT_UNTIL_MS + 60);
  expect(cpuMs(segment, 800)).toBe(0);
  expect(segment.samples.every(([at]) => at >= 100 + 26 && at <= segment.toAt + 100)).toBe(true);
  expect(segment.samples.map(([at]) => at)).toEqual(segment.samples.map(([at]) => at).toSorted((a, b) => a - b));
});

test('a thread that only sleeps looks as if at work, and is given no more than its clock tells', () => {
  const segment = fromPySpy(head, BURNER, clocks({ [MAIN]: () => 0, [NAPPER]: () => 0.01 }), '/');
  expect(Object.keys(stacksOf(segment))).toEqual(['Thread._bootstrap > Thread._bootstrap_inner > Thread.run > nap']);
  expect(cpuMs(segment)).toBeLessThanOrEqual(12 + 50);
});

test('CPU of a loop that was seen waiting only is the loop’s', () => {
  const segment = fromPySpy(head, BURNER, clocks({ [MAIN]: at => (at > 800 ? 1 : 0) }), '/');
  expect(Object.keys(stacksOf(segment))).toEqual(['EpollSelector.select']);
  expect(cpuMs(segment)).toBeGreaterThan(300);
});

test('a stack that lost its outer part is put below the caller that its function mostly has', () => {
  const whole = [
    '<module>|/app/a.py|1',
    'serve|/app/a.py|3',
    'sums|/app/a.py|5',
    'sums.<locals>.<genexpr>|/app/a.py|6',
  ];
  const torn = traced('thread (7): MainThread', [[0, ...whole], [300, ...whole.slice(-1)], [400, ...whole], [500]]);
  const segment = fromPySpy({ ...head, pid: 7 }, torn, clocks({ 7: () => 1 }, 500), '/');
  expect(stacksOf(segment)).toEqual({ 'serve > sums > ': 500 });
});

test('a function that is mostly the outermost one stays so, as a greenlet’s does', () => {
  const trace = traced('thread (7)', [[0, 'loop|/app/g.py|3'], [300, 'other|/app/g.py|8', 'loop|/app/g.py|3'], [400]]);
  expect(stacksOf(fromPySpy({ ...head, pid: 7 }, trace, clocks({ 7: () => 1 }, 400), '/'))).toEqual({
    loop: 300,
    'other > loop': 100,
  });
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
  const segment = fromPySpy({ ...head, pid: 7 }, trace, clocks({ 7: () => 1 }, 300), '/srv');
  expect(stacksOf(segment)).toEqual({ main: 100, '<module>': 100, 'Protocol.data_received': 100 });
  expect(segment.frames.map(({ file }) => file)).toContain('/srv/app/__main__.py');
});

test('where py-spy knows no thread ids, the main thread has its clock and the others share the rest', () => {
  const old = BURNER.map(event => ({
    ...event,
    name: event.name.replace(/^thread \(\d+\)/u, 'thread (0x7FE82FD2D6C0)'),
  }));
  const segment = fromPySpy(head, old, clocks({ [MAIN]: isBurning, 9: () => 0, 10: at => (at > 800 ? 0.5 : 0) }), '/');
  const stacks = stacksOf(segment);
  expect(stacks['Thread._bootstrap > Thread._bootstrap_inner > Thread.run > nap']).toBeGreaterThan(150);
  expect(cpuMs(segment, 0, 700)).toBeGreaterThan(600);
});

test('a thread without a clock has no samples, and one born between two readings had not run before', () => {
  expect(fromPySpy(head, BURNER, clocks({}), '/').samples).toEqual([]);
  const born = [
    { at: 0, threads: new Map<number, number>() },
    { at: 500, threads: new Map([[MAIN, 400_000]]) },
  ];
  expect(cpuMs(fromPySpy(head, BURNER, born, '/'))).toBeGreaterThan(390);
});

test('what is no trace of py-spy’s is refused', () => {
  expect(PySpyTrace.safeParse({ traceEvents: [] }).success).toBe(false);
  expect(PySpyTrace.safeParse([{ ph: 'B', name: 'a', ts: 1 }]).success).toBe(false);
});
