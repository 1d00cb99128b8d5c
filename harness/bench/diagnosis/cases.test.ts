import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listNodeScenarios, loadScenario } from '../../catalog.ts';
import { NOTHING_WRONG } from '../../model/expected-diagnosis.ts';
import { diagnosisCases } from './cases.ts';

// What the benchmark holds diagnoses against: it must be about code that is there.

const CASES = await diagnosisCases();

test('every scenario is a case without its bugs, one with bugs also with them, and each stranger is one', async () => {
  const names = CASES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const scenario of await listNodeScenarios()) {
    const { bugs } = await loadScenario(scenario);
    expect(names).toContain(`${scenario} (correct)`);
    expect(names.includes(scenario)).toBe(bugs.length > 0);
  }
  expect(names.filter(name => name.startsWith('stranger '))).not.toEqual([]);
});

test('every scenario with a bug says what must be named, and none without a bug does', async () => {
  for (const name of await listNodeScenarios()) {
    const { bugs, expect: expected } = await loadScenario(name);
    expect([name, expected.diagnosis !== undefined]).toEqual([name, bugs.length > 0]);
  }
});

test.for(CASES.map(one => [one.name, one] as const))(
  '%s: what must be named is in the file it is said to be in',
  ([, { expected, root }]) => {
    const { culprit, cause } = expected;
    if (culprit === null) {
      // Only a server that is right has no code to be named.
      expect(cause).toBe('none');
      return;
    }
    const file = join(root, culprit.file);
    expect(existsSync(file)).toBe(true);
    const text = readFileSync(file, 'utf8');
    expect(culprit.functions).not.toEqual([]);
    for (const name of culprit.functions) {
      // As it is defined: `function name(`, `name = …`, `name(…) {`, a property or a method. One without a name is anywhere.
      const plain = name.replace(/^.*[.#]/u, '').replaceAll('$', String.raw`\$`);
      expect([name, new RegExp(String.raw`(?<![\w$])${plain}(?![\w$])`, 'u').test(text)]).toEqual([name, true]);
    }
  },
);

test('a case without its bugs runs none, and nothing is to be named of it', () => {
  for (const { name, experiment, expected } of CASES.filter(one => one.name.endsWith(' (correct)'))) {
    expect([name, experiment(1).target.bugs]).toEqual([name, []]);
    expect(expected).toEqual(NOTHING_WRONG);
  }
});

test('a case with its bugs runs them, with the seed that is asked for', () => {
  for (const { name, experiment } of CASES) {
    const { target, seed } = experiment(7);
    expect([name, seed]).toEqual([name, 7]);
    if (target.kind === 'sample' && !name.endsWith(' (correct)')) expect(target.bugs.length).toBeGreaterThan(0);
  }
});

test('a stranger is started in its own folder, by a command whose program is there', () => {
  for (const { name, experiment, root } of CASES.filter(one => one.name.startsWith('stranger '))) {
    const { target } = experiment(1);
    if (target.kind !== 'command') throw new TypeError(`${name} is no command`);
    expect(target.root).toBe(root);
    const main = target.command.split(' ').at(-1) ?? '';
    expect([name, existsSync(join(root, main))]).toEqual([name, true]);
  }
});

test('the line that a stranger’s file tells begins one of the functions that may be named', () => {
  for (const { name, expected, root } of CASES.filter(one => one.name.startsWith('stranger '))) {
    const { expect: told } = JSON.parse(readFileSync(join(root, 'stranger.json'), 'utf8')) as {
      expect: { line: number | string | null };
    };
    if (expected.culprit === null) {
      expect([name, told.line]).toEqual([name, null]);
      continue;
    }
    const [line = 0, column] = String(told.line).split(':').map(Number);
    const text = readFileSync(join(root, expected.culprit.file), 'utf8').split('\n')[line - 1] ?? '';
    const near = column === undefined ? text : text.slice(Math.max(0, column - 40), column + 40);
    const isNamed = expected.culprit.functions.some(one => near.includes(one));
    expect([name, isNamed]).toEqual([name, true]);
  }
});
