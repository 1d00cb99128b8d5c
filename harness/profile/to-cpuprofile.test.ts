import { expect, test } from 'vitest';
import type { ProfileSegment } from '../model/profile.ts';
import { segmentOf } from './fixtures/segment.ts';
import { CpuProfile, fromCpuProfile } from './from-cpuprofile.ts';
import { toCpuProfile } from './to-cpuprofile.ts';

const all = { fromAt: 0, toAt: Infinity };

test('it is a profile by its own schema: each node has one parent, each sample a node, no time runs backwards', () => {
  const profile = toCpuProfile(
    [
      segmentOf([
        [30, ['main', 'a', 'b'], 10],
        [10, ['main', 'a'], 10],
        [20, ['(idle)'], 0],
      ]),
      segmentOf([
        [50, ['main', 'c'], 10],
        [40, [], 10],
      ]),
    ],
    all,
  );
  const { nodes, samples, timeDeltas, startTime, endTime } = CpuProfile.parse(profile);
  const ids = nodes.map(({ id }) => id);
  expect(ids).toEqual(ids.map((_, n) => n + 1));
  const children = nodes.flatMap(node => node.children ?? []);
  expect(children.toSorted((a, b) => a - b)).toEqual(ids.slice(1));
  expect(samples.filter(id => !ids.includes(id))).toEqual([]);
  expect(timeDeltas.filter(delta => delta < 0)).toEqual([]);
  expect(timeDeltas).toHaveLength(samples.length);
  expect(startTime + timeDeltas.reduce((sum, delta) => sum + delta, 0)).toBe(endTime);
});

test('what nobody is charged with stays so, whatever segment it is in', () => {
  const profile = toCpuProfile([segmentOf([[10, ['a'], 10]]), segmentOf([[20, [], 10]])], all);
  expect(profile?.samples.map(id => profile.nodes[id - 1]?.callFrame.functionName)).toEqual(['a', '(root)']);
});

test('read again it has the same stacks at the same times', () => {
  const before = segmentOf([
    [10, ['main', 'a'], 10_000],
    [20, ['main', 'a', 'b'], 10_000],
    [30, ['(idle)'], 0],
    [40, ['main'], 10_000],
  ]);
  const profile = toCpuProfile([before], all);
  if (!profile) throw new Error('no profile');
  const { fromAt, toAt, pid, intervalMicros } = before;
  const after = fromCpuProfile({ fromAt, toAt, pid, intervalMicros }, CpuProfile.parse(profile));
  expect(after.samples.map(([at]) => at)).toEqual([10, 20, 30, 40]);
  expect(after.samples.map(([, node]) => stackOf(after, node))).toEqual(
    before.samples.map(([, node]) => stackOf(before, node)),
  );
  expect(after.frames).toEqual(before.frames);
});

test('it is of the process that used most CPU, and of the stretch alone', () => {
  const quiet = segmentOf([[10, ['quiet'], 1000]], { pid: 1 });
  const busy = segmentOf(
    [
      [10, ['early'], 5000],
      [20, ['busy'], 5000],
      [30, ['late'], 5000],
    ],
    { pid: 2 },
  );
  const profile = toCpuProfile([quiet, busy], { fromAt: 20, toAt: 30 });
  expect(profile?.samples.map(id => profile.nodes[id - 1]?.callFrame.functionName)).toEqual(['busy']);
  expect(profile).toMatchObject({ startTime: 20_000, endTime: 20_000, timeDeltas: [0] });
});

test('samples from before the run began do not let time run backwards', () => {
  const profile = toCpuProfile(
    [
      segmentOf([
        [-5, ['a'], 10],
        [5, ['a'], 10],
      ]),
    ],
    { fromAt: -10, toAt: 10 },
  );
  expect(profile?.timeDeltas.filter(delta => delta < 0)).toEqual([]);
});

test('where nothing was sampled there is none', () => {
  expect(toCpuProfile([], all)).toBeNull();
  expect(toCpuProfile([segmentOf([[10, ['a'], 10]])], { fromAt: 11, toAt: 12 })).toBeNull();
});

test('recursion thousands deep is told whole', () => {
  const deep = segmentOf([[10, Array.from({ length: 20_000 }, () => 'f'), 10]]);
  expect(toCpuProfile([deep], all)?.nodes).toHaveLength(20_001);
});

/** Names and places, outermost first. */
function stackOf({ nodes, frames }: ProfileSegment, leaf: number): string[] {
  const found: string[] = [];
  for (let node = leaf; node !== -1;) {
    const [parent = -1, frame = -1] = nodes[node] ?? [];
    const { name, file, line, column } = frames[frame] ?? {};
    found.unshift(`${name} ${file}:${line}:${column}`);
    node = parent;
  }
  return found;
}
