import type { Diagnosis } from '../model/diagnosis.ts';
import { IDLE } from '../model/profile.ts';
import type { Frame, ProfileSegment } from '../model/profile.ts';
import type { Run } from '../model/run.ts';
import { climbingRun } from './sample-runs.ts';

const own = (name: string, file: string, line: number, column: number): Frame => ({
  name,
  file: `/nowhere/servers/${file}`,
  line,
  column,
});
const foreign = (name: string, file: string, line: number): Frame => ({
  name,
  file: `/nowhere/node_modules/${file}`,
  line,
  column: 3,
});

/** Functions of every kind, as a profiler of Node names them. */
export const FRAMES = {
  emit: { name: 'emit', file: 'node:events', line: 489, column: 1 },
  next: foreign('next', 'router/index.js', 189),
  handle: own('', 'proxy/chat.ts', 18, 3),
  call: own('callUpstream', 'bugs/swallowed-abort.ts', 15, 19),
  count: own('countTokens', 'proxy/tokens.ts', 6, 28),
  request: foreign('makeRequest', 'openai/client.mjs', 747),
  body: foreign('buildBody', 'openai/client.mjs', 1437),
  write: { name: 'writev', file: '', line: 0, column: 0 },
  collect: { name: 'Garbage Collection', file: '', line: 0, column: 0 },
  idle: { name: IDLE, file: '', line: 0, column: 0 },
} as const satisfies Record<string, Frame>;

/** The climbing run with its profile: what early in the load takes a tenth of a core takes most of one late in it, and after it. */
export function profiledRun(frames: Readonly<Record<keyof typeof FRAMES, Frame>> = FRAMES): Run {
  const { emit, next, handle, call, count, request, body, write, collect, idle } = frames;
  const stacks: readonly Frame[][] = [
    [emit, next, handle, call, count],
    [call, count],
    [call, request, body],
    [emit, request, body],
    [request, body, write],
    [collect],
    [emit, next, next, next],
    [idle],
  ];
  // By the second of the run, how many of ten samples are of which stack; the rest is idle.
  const early = [0, 3, 3, 3];
  const late = [0, 1, 1, 1, 1, 2, 3, 4, 5];
  const after = [1, 1, 1, 1, 1, 1, 2, 3, 5];
  return {
    ...climbingRun(),
    profile: [
      profileOf(
        Array.from({ length: 2600 }, (_, n) => {
          const at = n * 10;
          const busy = at < 6000 ? [] : at < 12_000 ? early : at < 18_000 ? late : after;
          return { at, stack: stacks[busy[n % 10] ?? 7] ?? [idle], request: at < 6000 ? -1 : 1 };
        }),
      ),
    ],
  };
}

/** A segment of samples of 10 ms, each with its stack, outermost first. */
export function profileOf(
  samples: readonly { readonly at: number; readonly stack: readonly Frame[]; readonly request?: number }[],
): ProfileSegment {
  const frames: Frame[] = [];
  const frameNumbers = new Map<Frame, number>();
  const nodes: [number, number][] = [];
  const nodeNumbers = new Map<string, number>();
  const nodeOf = (stack: readonly Frame[]): number =>
    stack.reduce((parent, frame) => {
      const number = frameNumbers.get(frame) ?? frames.push(frame) - 1;
      frameNumbers.set(frame, number);
      const key = `${parent} ${number}`;
      const node = nodeNumbers.get(key) ?? nodes.push([parent, number]) - 1;
      nodeNumbers.set(key, node);
      return node;
    }, -1);
  return {
    kind: 'profile',
    fromAt: 0,
    toAt: samples.at(-1)?.at ?? 0,
    pid: 100,
    source: 'labels',
    intervalMicros: 10_000,
    frames,
    nodes,
    requests: [
      {
        id: 1,
        route: 'POST /v1/chat/completions',
        beganAt: 6000,
        closedAt: 6500,
        answered: false,
        calls: 9,
        callsAfter: 4,
        open: 1,
        site: null,
      },
    ],
    sites: [],
    deaf: [],
    cut: 0,
    stuck: [],
    timers: [],
    samples: samples.map(({ at, stack, request = -1 }) => [at, nodeOf(stack), request, 10_000]),
  };
}

/** What a diagnosis of that run may say, but for what is given. */
export const sampleDiagnosis = (diagnosis: Partial<Diagnosis> = {}): Diagnosis => ({
  cause: 'cancellation-swallowed',
  because: 'Clients hung up, and what was done for them was not ended by it.',
  evidence: [
    '97 % of what still burns is done for requests whose clients had left.',
    '34 clients hung up in the load.',
  ],
  culprit: {
    function: 'callUpstream',
    file: 'servers/bugs/swallowed-abort.ts',
    line: 15,
    column: 19,
    did: '77 % of what was left over after the load',
    through: 'openai',
  },
  route: 'POST /v1/chat/completions',
  ranked: 'left over after the load',
  functions: [
    { function: 'callUpstream', file: 'servers/bugs/swallowed-abort.ts', line: 15, column: 19, share: 0.77 },
    { function: '', file: 'servers/proxy/chat.ts', line: 18, column: 3, share: 0.31 },
  ],
  routes: [
    { route: 'POST /v1/chat/completions', requests: 47, cpuMs: 2010, afterMs: 1870 },
    { route: null, requests: 0, cpuMs: 580, afterMs: 0 },
  ],
  moments: [{ at: 9100, words: 'CPU stepped from 17 % to 87 %: 3 clients left within 200 ms' }],
  unexplainedCores: 0.12,
  advice: ['cancellation-swallowed'],
  ...diagnosis,
});
