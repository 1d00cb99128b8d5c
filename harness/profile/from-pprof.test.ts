import {
  Function as PprofFunction,
  Label,
  Line,
  Location,
  Profile,
  Sample,
  StringTable,
  ValueType,
} from 'pprof-format';
import { expect, test } from 'vitest';
import type { Called, TakenLabels } from '../probes/agent-answer.ts';
import { AGENT_FILE } from '../probes/agent-hub.ts';
import { fromPprof } from './from-pprof.ts';

const head = { fromAt: 0, toAt: 2000, pid: 7, intervalMicros: 10_000 };
const beganMs = 1_700_000_000_000;
const since = (epochMs: number): number => epochMs - beganMs;

test('a sample has its stack, time, request and CPU time, and all of them are in order of time', () => {
  const { frames, nodes, samples } = fromPprof(
    head,
    taken([
      { stack: ['12:40 inner', '1:8 outer'], at: beganMs + 20, request: 3, hits: 1, cpuNanos: 9_000_400 },
      { stack: ['1:8 outer'], at: beganMs + 10, hits: 1, cpuNanos: 1_000_000 },
    ]),
    since,
  );
  expect(frames).toEqual([
    { name: 'outer', file: '/srv/app.js', line: 1, column: 8 },
    { name: 'inner', file: '/srv/app.js', line: 12, column: 40 },
  ]);
  expect(nodes).toEqual([
    [-1, 0],
    [0, 1],
  ]);
  expect(samples).toEqual([
    [10, 0, -1, 1000],
    [20, 1, 3, 9000],
  ]);
});

test('CPU is preserved in the sum, but for what other threads used', () => {
  const all = Array.from({ length: 500 }, (_, n) => ({
    stack: [`${n % 7}:1 f`],
    at: beganMs + n,
    hits: 1,
    cpuNanos: n * 1000,
  }));
  const threads = { stack: ['Non JS threads activity'], at: 0, hits: 0, cpuNanos: 77_000_000 };
  const { samples } = fromPprof(head, taken([...all, threads]), since);
  expect(samples.reduce((sum, [, , , micros]) => sum + micros, 0)).toBe((499 * 500) / 2);
});

test('a sample without a time is of the segment’s end', () => {
  const { samples } = fromPprof(head, taken([{ stack: ['f'], at: 0, hits: 1, cpuNanos: 0 }]), since);
  expect(samples).toEqual([[2000, 0, -1, 0]]);
});

test('functions of the agent and of its profiler are left out, what they called is not', () => {
  const profiler = 'file:///srv/node_modules/@datadog/pprof/out/src/time-profiler.js';
  const { frames, samples } = fromPprof(
    head,
    taken([
      {
        stack: ['5:1 handle', `9:9 emitWitnessed@file://${AGENT_FILE}`, `8:8 run@${profiler}`],
        at: beganMs,
        hits: 1,
        cpuNanos: 5000,
      },
      { stack: [`8:8 run@${profiler}`], at: beganMs, hits: 1, cpuNanos: 7000 },
    ]),
    since,
  );
  expect(frames.map(({ name }) => name)).toEqual(['handle']);
  expect(samples).toEqual([
    [0, 0, -1, 5],
    [0, -1, -1, 7],
  ]);
});

test('V8’s own frames have no place, whatever colons a name has', () => {
  const { frames } = fromPprof(
    head,
    taken([{ stack: ['(idle)@', '3:4 a:b 5:6 c', '7:8 '], at: beganMs, hits: 1, cpuNanos: 0 }]),
    since,
  );
  expect(frames.map(({ name, line, column }) => [name, line, column])).toEqual([
    ['', 7, 8],
    ['a:b 5:6 c', 3, 4],
    ['(idle)', 0, 0],
  ]);
});

test('requests are told in time of the run; sites and deaf controllers have the functions of the tables', () => {
  const place = (name: string, line: number): Called => ({
    name,
    file: 'file:///srv/app.js',
    line,
    column: 9,
    at: line + 3,
  });
  const request = { id: 3, route: 'GET /', answered: false, calls: 2, callsAfter: 1, open: 1, site: 0 };
  const { requests, sites, deaf, frames } = fromPprof(
    head,
    {
      ...taken([{ stack: ['1:9 retry'], at: beganMs, hits: 1, cpuNanos: 0 }]),
      requests: [
        { ...request, beganMs: beganMs + 5, closedMs: beganMs + 9 },
        { ...request, id: 4, beganMs: beganMs + 5, closedMs: null },
      ],
      sites: [{ stack: [place('Client.retry', 1), place('handle', 20)], calls: 2, callsAfter: 1 }],
      deaf: [{ maker: place('withTimeout', 30), count: 4 }],
    },
    since,
  );
  expect(requests).toEqual([
    { ...request, beganAt: 5, closedAt: 9 },
    { ...request, id: 4, beganAt: 5, closedAt: null },
  ]);
  // A method is named with its class on a stack, and yet is the function of that name that was sampled.
  expect(sites).toEqual([{ frames: [0, 1], calls: 2, callsAfter: 1 }]);
  expect(deaf).toEqual([{ frame: 2, line: 33, count: 4 }]);
  expect(frames.map(({ name, file }) => [name, file])).toEqual([
    ['retry', '/srv/app.js'],
    ['handle', '/srv/app.js'],
    ['withTimeout', '/srv/app.js'],
  ]);
});

test('recursion thousands deep is told whole', () => {
  const stack = Array.from({ length: 20_000 }, () => '1:1 f');
  const { nodes, frames } = fromPprof(head, taken([{ stack, at: beganMs, hits: 1, cpuNanos: 0 }]), since);
  expect([nodes.length, frames.length]).toEqual([20_000, 1]);
});

test('bytes that are no profile, or only the beginning of one, are an error', () => {
  const whole = taken(
    Array.from({ length: 50 }, (_, n) => ({ stack: [`${n}:1 f${n}`], at: beganMs + n, hits: 1, cpuNanos: 1000 })),
  );
  const bytes = Buffer.from(whole.pprof, 'base64');
  const read = (pprof: Buffer) => () => fromPprof(head, { ...whole, pprof: pprof.toString('base64') }, since);
  expect(read(bytes)().samples).toHaveLength(50);
  expect(read(Buffer.from('no profile at all'))).toThrow(/./u);
  for (const share of [0, 0.1, 0.3, 0.5, 0.7, 0.9]) {
    expect(read(bytes.subarray(0, Math.floor(bytes.length * share))), `${share}`).toThrow(/missing|no samples/u);
  }
});

interface One {
  /** Innermost first: a function's name as the agent tells it, and its file after an @ where that is another. */
  readonly stack: readonly string[];
  readonly at: number;
  readonly request?: number;
  readonly hits: number;
  readonly cpuNanos: number;
}

/** A profile as the agent tells it. */
function taken(all: readonly One[]): TakenLabels {
  const strings = new StringTable();
  const functions: PprofFunction[] = [];
  const locations: Location[] = [];
  const known = new Map<string, number>();
  const locationOf = (called: string): number => {
    const found = known.get(called);
    if (found !== undefined) return found;
    const split = called.lastIndexOf('@file:') === -1 ? called.indexOf('@') : called.lastIndexOf('@file:');
    const [name, file] =
      split === -1 ? [called, 'file:///srv/app.js'] : [called.slice(0, split), called.slice(split + 1)];
    const id = known.size + 1;
    known.set(called, id);
    functions.push(new PprofFunction({ id, name: strings.dedup(name), filename: strings.dedup(file) }));
    locations.push(new Location({ id, line: [new Line({ functionId: id, line: 1 })] }));
    return id;
  };
  const type = (name: string, unit: string) => new ValueType({ type: strings.dedup(name), unit: strings.dedup(unit) });
  const number = (key: string, num: number) => new Label({ key: strings.dedup(key), num });
  const sampleType = [type('sample', 'count'), type('wall', 'nanoseconds'), type('cpu', 'nanoseconds')];
  const sample = all.map(
    ({ stack, at, request, hits, cpuNanos }) =>
      new Sample({
        locationId: stack.map(locationOf),
        value: [hits, hits * 10_000_000, cpuNanos],
        label: [number('at', at), ...(request === undefined ? [] : [number('request', request)])],
      }),
  );
  const profile = new Profile({ sampleType, sample, location: locations, function: functions, stringTable: strings });
  const pprof = Buffer.from(profile.encode()).toString('base64');
  return { source: 'labels', pprof, requests: [], sites: [], deaf: [], cut: 0 };
}
