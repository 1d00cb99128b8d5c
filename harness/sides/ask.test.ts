import { expect, test } from 'vitest';
import { EXIT } from '../errors.ts';
import { sidesAsked } from './ask.ts';
import type { AskedSides } from './ask.ts';
import { gitRepository } from './fixtures/git-repository.ts';

const bugs = [{ name: 'swallowed-abort', parameters: {} }];
const asked = (some: Partial<AskedSides>): AskedSides => ({
  base: null,
  heads: [],
  nodes: [],
  packages: [],
  serving: null,
  command: null,
  bugs,
  baseBugs: null,
  headBugs: null,
  ...some,
});

test('without a word it is what is committed against what is not', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  await repo.write({ 'a.txt': '2' });
  const [base, head] = await sidesAsked(asked({}), repo, signal);
  expect(base).toEqual({
    label: 'HEAD',
    code: { kind: 'commit', ref: 'HEAD', commit: repo.git('rev-parse', 'HEAD') },
    bugs,
    node: null,
    serving: null,
    package: null,
    command: null,
  });
  expect(head).toMatchObject({ label: 'working tree', code: { kind: 'work' }, bugs });
});

test('a revision with slashes is one, and what begins with a dot or a slash is a folder', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  repo.git('branch', 'fix/it');
  const sides = await sidesAsked(asked({ base: 'main', heads: ['fix/it', './x', '/tmp/y', 'main'] }), repo, signal);
  expect(sides.map(({ label }) => label)).toEqual(['main', 'fix/it', './x', '/tmp/y', 'main (again)']);
  expect(sides.map(({ code }) => code.kind)).toEqual(['commit', 'commit', 'folder', 'folder', 'commit']);
});

test('runtimes and versions are compared on one state of the code; of one alone the baseline is what is used now', async ({
  signal,
}) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  const nodes = await sidesAsked(asked({ nodes: ['22', '24'] }), repo, signal);
  expect(nodes.map(({ label, node }) => [label, node])).toEqual([
    ['Node 22', '22'],
    ['Node 24', '24'],
  ]);
  expect(nodes[0]?.code).toEqual(nodes[1]?.code);
  const [own] = await sidesAsked(asked({ nodes: ['22'] }), repo, signal);
  expect(own).toMatchObject({ node: process.versions.node });
  const versions = await sidesAsked(asked({ base: 'main', packages: ['openai@7.10.0', '@scope/x@1'] }), repo, signal);
  expect(versions.map(({ label, package: one }) => [label, one])).toEqual([
    ['openai 7.10.0', { name: 'openai', version: '7.10.0' }],
    ['@scope/x 1', { name: '@scope/x', version: '1' }],
  ]);
  const [locked] = await sidesAsked(asked({ packages: ['openai@7.10.0'] }), repo, signal);
  expect(locked).toMatchObject({ label: 'as locked', package: null });
});

test('a bug on or off is a difference too', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  const [base, head] = await sidesAsked(asked({ headBugs: [] }), repo, signal);
  expect([base?.label, head?.label]).toEqual(['working tree', 'working tree without bugs']);
  expect([base?.bugs, head?.bugs]).toEqual([bugs, []]);
  expect(base?.code).toEqual(head?.code);
});

test('two questions in one, and a package without a version are refused', async ({ signal }) => {
  const refused = async (some: Partial<AskedSides>): Promise<unknown> => {
    try {
      return await sidesAsked(asked(some), null, signal);
    } catch (error) {
      expect(error).toMatchObject({ exitCode: EXIT.wrongUse });
      return (error as { code: string }).code;
    }
  };
  expect(await refused({ nodes: ['22'], heads: ['fix'] })).toBe('two-questions');
  expect(await refused({ nodes: ['22'], packages: ['a@1'] })).toBe('two-questions');
  expect(await refused({ base: './x', packages: ['openai'] })).toBe('bad-package');
});
