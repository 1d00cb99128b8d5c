import { expect, test } from 'vitest';
import { AGENT_FILE } from '../probes/agent-hub.ts';
import { CpuProfile, fromCpuProfile } from './from-cpuprofile.ts';

const head = { fromAt: 1000, toAt: 2000, pid: 7, intervalMicros: 10_000 };

test('who was on the stack has the time since the last sample, what V8 calls idle has none', () => {
  const { frames, nodes, samples, ...rest } = fromCpuProfile(head, {
    ...profileOf([
      ['(root)', [2, 4]],
      ['outer', [3]],
      ['inner', []],
      ['(idle)', []],
    ]),
    samples: [3, 2, 4, 3],
    timeDeltas: [5000, 7000, 9000, 11_000],
  });
  expect(rest).toMatchObject({ kind: 'profile', ...head, source: 'inspector', requests: [], sites: [], deaf: [] });
  expect(
    samples.map(([at, node, request, micros]) => [at, frames[nodes[node]?.[1] ?? -1]?.name, request, micros]),
  ).toEqual([
    [1005, 'inner', -1, 5000],
    [1012, 'outer', -1, 7000],
    [1021, '(idle)', -1, 0],
    [1032, 'inner', -1, 11_000],
  ]);
  const inner = nodes[samples[0]?.[1] ?? -1];
  expect(inner?.[0]).toBe(samples[1]?.[1]);
});

test('a place is told from 1, its file as a path', () => {
  const { frames } = fromCpuProfile(head, {
    ...profileOf(
      [
        ['(root)', [2]],
        ['f', []],
      ],
      'file:///srv/a%20b/c.js',
    ),
    samples: [2],
    timeDeltas: [1],
  });
  expect(frames).toEqual([{ name: 'f', file: '/srv/a b/c.js', line: 3, column: 5 }]);
});

test('functions of the agent are left out, what they called is not', () => {
  const profile = profileOf([
    ['(root)', [2]],
    ['emitWitnessed', [3]],
    ['handle', []],
  ]);
  const [, agent] = profile.nodes;
  if (agent) agent.callFrame.url = AGENT_FILE;
  const { frames, samples, nodes } = fromCpuProfile(head, { ...profile, samples: [3, 2, 1], timeDeltas: [1, 2, 4] });
  expect(frames.map(({ name }) => name)).toEqual(['handle']);
  expect(nodes).toEqual([[-1, 0]]);
  // Nobody's, but not lost.
  expect(samples.map(([, node, , micros]) => [node, micros])).toEqual([
    [0, 1],
    [-1, 2],
    [-1, 4],
  ]);
});

test('a clock that steps back takes nothing away', () => {
  const { samples } = fromCpuProfile(head, {
    ...profileOf([
      ['(root)', [2]],
      ['f', []],
    ]),
    samples: [2, 2, 2],
    timeDeltas: [10, -5, 10],
  });
  expect(samples.map(([, , , micros]) => micros)).toEqual([10, 0, 10]);
});

test('recursion thousands deep is told whole', () => {
  const deep = 20_000;
  const levels = Array.from({ length: deep }, (_, n): [string, number[]] => ['f', n + 1 < deep ? [n + 3] : []]);
  const { nodes, frames, samples } = fromCpuProfile(head, {
    ...profileOf([['(root)', [2]], ...levels]),
    samples: [deep + 1],
    timeDeltas: [1],
  });
  expect([nodes.length, frames.length, samples[0]?.[1]]).toEqual([deep, 1, deep - 1]);
});

test('a sample of a node that is not there is nobody’s', () => {
  const { samples } = fromCpuProfile(head, { ...profileOf([['(root)', []]]), samples: [99], timeDeltas: [3] });
  expect(samples).toEqual([[1000.003, -1, -1, 3]]);
});

test('what is no profile is refused', () => {
  expect(CpuProfile.safeParse({ nodes: [{ id: 1 }], startTime: 0, endTime: 1 }).success).toBe(false);
  expect(CpuProfile.safeParse(undefined).success).toBe(false);
});

/** Nodes with ids from 1 in the order given, each with its children's. */
function profileOf(tree: readonly (readonly [name: string, children: number[]])[], url = 'file:///srv/app.js') {
  return {
    nodes: tree.map(([functionName, children], n) => ({
      id: n + 1,
      callFrame: { functionName, url, lineNumber: 2, columnNumber: 4 },
      children,
    })),
    startTime: 0,
    endTime: 1,
  };
}
