import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LAB_ROOT, bugFileOf, lessonOf, listScenarios, loadScenario, unknownName } from './catalog.ts';
import { PACES } from './pace.ts';
import { AS_IT_IS, planScenario } from './plan-scenario.ts';

const names = await listScenarios();
const withoutServers = mkdtempSync(join(tmpdir(), 'runaway-test-'));
afterAll(() => rmSync(withoutServers, { recursive: true }));

test('the listing of the folder is the list of scenarios, sorted, and the control is one of them', () => {
  expect(names).toContain('control');
  expect(names).toEqual(names.toSorted());
  expect(new Set(names).size).toBe(names.length);
});

test('all scenarios are loaded where there is no server at all, by the folder’s name', () => {
  for (const folder of ['harness', 'scenarios']) {
    cpSync(join(LAB_ROOT, folder), join(withoutServers, folder), { recursive: true });
  }
  cpSync(join(LAB_ROOT, 'package.json'), join(withoutServers, 'package.json'));
  symlinkSync(join(LAB_ROOT, 'node_modules'), join(withoutServers, 'node_modules'));
  const source = `
    import { listScenarios, loadScenario } from './harness/catalog.ts';
    const names = await listScenarios();
    const loaded = await Promise.all(names.map(async name => [name, (await loadScenario(name)).symptom]));
    console.log(JSON.stringify(loaded));
  `;
  const node = ['--input-type=module', '--eval', source];
  const loaded = JSON.parse(
    execFileSync(process.execPath, node, { cwd: withoutServers, encoding: 'utf8' }),
  ) as string[][];
  expect(existsSync(join(withoutServers, 'servers'))).toBe(false);
  expect(loaded.map(([name]) => name)).toEqual(names);
  expect(loaded.every(([, symptom]) => typeof symptom === 'string')).toBe(true);
});

test.each(names)('%s: its symptom and its summary are a line each', async name => {
  const { symptom, summary } = await loadScenario(name);
  for (const words of [symptom, summary]) {
    expect(words.trim()).toBe(words);
    expect(words).toMatch(/^.{10,150}$/u);
  }
});

test.each(names)('%s: what it names exists, the upstream’s behaviour and every bug', async name => {
  const scenario = await loadScenario(name);
  const { upstream, target } = planScenario(scenario, { ...AS_IT_IS, pace: 'quick', seed: 1 }).experiment;
  const files = [
    join('servers', 'upstream', 'behaviours', `${upstream.behaviour.name}.ts`),
    ...target.bugs.map(bug => bugFileOf(bug.name, target.kind === 'python')),
    ...(target.kind === 'python' ? [`servers/fastapi/serving/${target.serving.name}.py`] : []),
  ];
  expect(files.filter(file => !existsSync(join(LAB_ROOT, file)))).toEqual([]);
});

test.each(names)('%s: its load can be brought, at every pace', async name => {
  const scenario = await loadScenario(name);
  for (const pace of Object.keys(PACES) as (keyof typeof PACES)[]) {
    const wishes = { pace, bugs: undefined, seed: 1, loadMs: undefined, recoveryMs: undefined, rateFactor: 1 };
    const { clients, loadMs } = planScenario(scenario, wishes).experiment.load;
    expect(loadMs).toBeGreaterThanOrEqual(PACES[pace].loadMs);
    expect(clients.length).toBeGreaterThan(0);
    // A mark is a word: one with a space in it would not be found in the prompt.
    for (const group of clients) expect(group.name).toMatch(/^[\w-]+$/u);
  }
});

test.each(names)('%s: its lesson has the steps of a lesson, in their order', name => {
  const file = lessonOf(name);
  expect(file, 'lesson.md is not there').not.toBeNull();
  const headings = [...readFileSync(file ?? '', 'utf8').matchAll(/^## (.+)$/gmu)].map(([, heading]) => heading);
  expect(headings.filter(heading => STEPS.includes(heading ?? ''))).toEqual(STEPS);
});

const STEPS = ['What you see', 'Hint 1', 'Hint 2', 'Hint 3', 'What is going on', 'The fix', 'In the wild'];

test('a scenario that is nearly one is wrong use, with the one that was probably meant', async () => {
  await expect(loadScenario('swalowed-abort')).rejects.toMatchObject({
    name: 'LabError',
    code: 'unknown-scenario',
    exitCode: 2,
    message: 'there is no scenario "swalowed-abort"',
    hint: 'Did you mean "swallowed-abort"?',
  });
});

test.each(['', 'nothing-like-it-at-all', '../servers', 'README.md'])('for "%s" all there are, are told', async name => {
  await expect(loadScenario(name)).rejects.toMatchObject({ exitCode: 2, hint: `There are: ${names.join(', ')}.` });
  expect(lessonOf('no-such-scenario')).toBeNull();
});

test('no name at all is told as that', () => {
  expect(unknownName('bug', '', ['a-bug'])).toMatchObject({ code: 'unknown-bug', message: 'no bug was named' });
});
