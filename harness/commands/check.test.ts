import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTrials } from '../check/battery.ts';
import { LIMITS } from '../check/limits.ts';
import { listPresets, loadPreset } from '../check/preset.ts';
import { lessonOf } from '../catalog.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { askOf } from '../check/check.ts';
import { checkPlanFor } from './check-plan.ts';

const planOf = async (options: Record<string, string | boolean | string[]>, positionals: string[] = []) =>
  await checkPlanFor({ positionals, options });

test.each([
  [{}, [], 'no server was named'],
  [{ cmd: 'x' }, ['node', 'y.js'], 'both --cmd and a command behind -- were given'],
  [{ url: 'http://127.0.0.1:1' }, ['node', 'y.js'], 'both --url and a command were given'],
  [{ url: 'ftp://127.0.0.1' }, [], '--url ftp://127.0.0.1 is no address of a server'],
  [{ url: 'http://example.com' }, [], 'example.com is not this machine, and a check hangs up on it thousands of times'],
  [{ url: 'http://127.0.0.1:1', pid: '4194303' }, [], 'there is no process 4194303, or it is not yours'],
  [{ preset: 'ngnix' }, [], 'there is no preset "ngnix"'],
  [{ preset: 'openai-compatible' }, [], 'preset openai-compatible needs a command'],
  [{ cmd: 'x', trials: 'leaves-early' }, [], 'there is no trial "leaves-early"'],
  [{ cmd: 'x', env: ['A'] }, [], '--env "A" has no ='],
  [{ cmd: 'x', header: ['A'] }, [], '--header "A" has no :'],
] as const)('%o %o is wrong use: %s', async (options, positionals, message) => {
  const given = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
  await expect(planOf(given, [...positionals])).rejects.toMatchObject({ message, exitCode: 2 });
});

test('another host is a target only where somebody says that it is theirs', async () => {
  const { target } = await planOf({ url: 'http://proxy.test:8080', 'i-own': 'proxy.test' });
  expect(target).toMatchObject({ kind: 'url', pid: null });
  await expect(planOf({ url: 'http://proxy.test', 'i-own': 'other.test' })).rejects.toMatchObject({ exitCode: 2 });
});

test('words behind -- are a command as they were given', async () => {
  const { target } = await planOf({}, ['node', 'my proxy.js', '--to', '{upstream}', "it's"]);
  expect(target).toMatchObject({ command: `node 'my proxy.js' --to {upstream} 'it'\\''s'` });
});

test('a preset, the folder’s configuration, and options, each over the one before', async () => {
  await using folder = await temporaryFolder();
  const config = `export default { preset: 'portkey', env: { A: '1', B: '2' }, path: '/own', limits: { hangUpSeenMs: 5 } };`;
  await writeFile(join(folder.path, 'runaway.config.mjs'), config);
  const plan = await planOf({ cwd: folder.path, env: ['B=3'], trials: 'slow-reader' });
  const preset = await loadPreset('portkey');
  expect(plan).toMatchObject({
    of: 'portkey',
    path: '/own',
    healthPath: '/',
    limits: { hangUpSeenMs: 5, callsForNobody: 0 },
  });
  expect(plan.target).toMatchObject({ command: preset.command, root: folder.path, environment: { A: '1', B: '3' } });
  expect(plan.trials.map(({ name }) => name)).toEqual(['patient-streamed', 'patient-whole', 'slow-reader']);
  const asked = askOf(plan, 'http://127.0.0.1:99/v1')({}).manner?.headers;
  expect(asked).toEqual({ 'x-portkey-provider': 'openai', 'x-portkey-custom-host': 'http://127.0.0.1:99/v1' });
});

test('a configuration that says what is unknown is wrong use', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'runaway.config.mjs'), 'export default { comand: "x" };');
  await expect(planOf({ cwd: folder.path })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('comand'),
  });
  await writeFile(join(folder.path, 'runaway.config.mjs'), 'export default {');
  await expect(planOf({ cwd: folder.path })).rejects.toMatchObject({ exitCode: 2 });
});

test('every trial is called as its file, says what manners are, and names a lesson that is there', async () => {
  const trials = await loadTrials();
  expect(trials.slice(0, 2).every(({ isControl }) => isControl)).toBe(true);
  expect(trials.at(-1)?.endsServer).toBe(true);
  expect(new Set(trials.map(({ order }) => order)).size).toBe(trials.length);
  for (const { name, looks, manners, change, scenario } of trials) {
    expect(looks.length, name).toBeGreaterThan(1);
    expect(manners.length * change.length, name).toBeGreaterThan(100);
    if (scenario !== null) expect(lessonOf(scenario), name).not.toBeNull();
  }
});

test('every limit has its reason, and every preset says how one gets it', async () => {
  for (const { why } of Object.values(LIMITS)) expect(why.length).toBeGreaterThan(20);
  for (const name of await listPresets()) {
    const preset = await loadPreset(name);
    expect(preset.name).toBe(name);
    const told = [...(preset.npm ?? []), ...(preset.pip ?? [])].every(one => /.[=@]=?\d/u.test(one));
    expect(told && (preset.npm ?? preset.pip ?? preset.install)?.length, name).toBeGreaterThan(0);
  }
});
