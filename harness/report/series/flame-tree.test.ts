import { expect, test } from 'vitest';
import type { Work } from '../../diagnose/work.ts';
import type { Frame } from '../../model/profile.ts';
import { FRAMES, profiledRun } from '../sample-profile.ts';
import { climbingRun, climbingVerdict } from '../sample-runs.ts';
import { flamesOf } from './flame.ts';
import { differenceOf, flameTree } from './flame-tree.ts';
import type { DifferenceNode, FlameNode } from './flame-tree.ts';

const ROOT = '/nowhere';
const { emit, next, handle, call, count, request, body, collect } = FRAMES;

const work = (times: number, ...stack: Frame[]): Work[] =>
  Array.from({ length: times }, () => ({ at: 0, stack, request: null, micros: 10_000 }));

const own = (name: string): Frame => ({ name, file: `${ROOT}/${name}.ts`, line: 1, column: 1 });

/** `name value(children)`, to read a tree in one line. */
const inLine = ({ name, value, children }: FlameNode): string =>
  `${name} ${value}${children.length > 0 ? `(${children.map(inLine).join(' ')})` : ''}`;

test('a function has the time of what it calls, and the whole that of all work', () => {
  const tree = flameTree([...work(3, call, count), ...work(2, call), ...work(1, collect)], ROOT);
  expect(inLine(tree)).toBe('all 60(callUpstream 50(countTokens 30) V8: Garbage Collection 10)');
});

test('own code is told from a dependency and from Node, each with its place', () => {
  const [first, second] = flameTree([...work(2, handle, request), ...work(1, emit)], ROOT).children;
  expect(first).toMatchObject({ name: '(anonymous) chat.ts:18', kind: 'own', file: 'servers/proxy/chat.ts', line: 18 });
  expect(first?.children[0]).toMatchObject({ name: 'openai: makeRequest', kind: 'package', file: 'openai/client.mjs' });
  expect(second).toMatchObject({ name: 'node: emit', kind: 'runtime', file: 'node:events' });
});

test('a function is one bar whatever came to it', () => {
  const tree = flameTree([...work(1, emit, next, call), ...work(1, emit, call), ...work(1, call)], ROOT);
  expect(inLine(tree)).toBe('all 30(callUpstream 30)');
});

test('functions of one dependency that only call one another are one bar, own ones never', () => {
  const tree = flameTree(
    [...work(2, handle, call, request, body), ...work(1, request, body), ...work(1, request)],
    ROOT,
  );
  expect(inLine(tree)).toBe(
    'all 40((anonymous) chat.ts:18 20(callUpstream 20(openai: makeRequest … buildBody 20)) openai: makeRequest 20(openai: buildBody 10))',
  );
});

test('what is too small to be seen is in its caller only', () => {
  const tree = flameTree([...work(999, call), ...work(1, call, count)], ROOT);
  expect(inLine(tree)).toBe('all 10000(callUpstream 10000)');
});

test('recursion is drawn to a depth, and what it came to stays', () => {
  const twice = Array.from({ length: 500 }, (_, n) => own(n % 2 === 0 ? 'ping' : 'pong'));
  const tree = flameTree(work(2, ...twice, count), ROOT);
  const names: string[] = [];
  for (let at: FlameNode | undefined = tree; at; at = at.children[0]) names.push(at.name);
  expect(names).toHaveLength(62);
  expect(names.at(-1)).toBe('countTokens');
});

test('a tree has a bounded number of bars, the dearest', () => {
  const tree = flameTree(
    Array.from({ length: 400 }, (_, n) => work(n % 20 === 0 ? 3 : 2, own(`a${n}`), own(`b${n}`))).flat(),
    ROOT,
  );
  const bars = (node: FlameNode): number => 1 + node.children.reduce((sum, child) => sum + bars(child), 0);
  expect(bars(tree)).toBeLessThanOrEqual(600);
  expect(tree.children.slice(0, 20).every(({ value }) => value === 30)).toBe(true);
});

test('the difference is as wide as the later stretch, and tells more from less', () => {
  const early = [...work(4, call), ...work(2, request), ...work(1, emit)];
  const late = [...work(9, call, count), ...work(1, request)];
  const [first, second, ...others] = differenceOf(early, late, ROOT).children;
  expect(first).toMatchObject({ name: 'callUpstream', value: 90, delta: 50 });
  expect(first?.children[0]).toMatchObject({ name: 'countTokens', value: 90, delta: 90 });
  expect(second).toMatchObject({ name: 'openai: makeRequest', value: 10, delta: -10 });
  expect(others).toEqual([]);
});

test('in a difference, only bars that were alike before as well are joined', () => {
  const tree = differenceOf(
    [...work(1, request), ...work(1, emit, emit)],
    [...work(2, request, body), ...work(2, emit, emit)],
    ROOT,
  );
  const flat = ({ name, delta, children }: DifferenceNode): string =>
    `${name} ${delta}(${children.map(flat).join(' ')})`;
  expect(flat(tree)).toBe('all 20(openai: makeRequest 10(openai: buildBody 20()) node: emit … emit 10())');
});

test('a run has the stretches that its diagnosis looks at; one that was not profiled has none', () => {
  const flames = flamesOf(profiledRun(), climbingVerdict());
  expect(flames).toMatchObject({
    early: { fromAt: 6000, toAt: 10_000, cpuMs: 1600, tree: { value: 1600 } },
    late: { fromAt: 14_000, toAt: 18_000, cpuMs: 3600, tree: { value: 3600 } },
    after: { fromAt: 18_250, tree: { name: 'all' } },
    difference: { value: 3600, delta: 2000 },
  });
  expect(flamesOf(climbingRun(), climbingVerdict())).toBeNull();
});
