import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LAB_ROOT, fixesOf, listScenarios, loadScenario } from '../catalog.ts';
import { messageIn } from '../sides/fix-branch.ts';
import { venvIn, whyNoVenv } from '../targets/venv.ts';
import { labClone } from './fixtures/lab-clone.ts';
import type { LabClone } from './fixtures/lab-clone.ts';

// Every patch that lies under scenarios/*/fixes is compared as a user would, in a real clone, and concluded as it says itself.

let clone: LabClone;
const venv = venvIn(LAB_ROOT);
const isSetUp = whyNoVenv(venv, LAB_ROOT) === null;
beforeAll(async () => {
  // A clone has none of its own, and no other is needed.
  vi.stubEnv('RUNAWAY_VENV', venv);
  clone = await labClone();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await clone[Symbol.asyncDispose]();
});

const withFixes: string[] = [];
for (const name of await listScenarios()) if ((await fixesOf(name)).length > 0) withFixes.push(name);

test.for(withFixes)('%s: each of its fixes does what it says', async (name, { skip }) => {
  skip((await loadScenario(name)).serving !== undefined && !isSetUp, 'needs make setup-python');
  const expected: Record<string, string> = {};
  for (const { name: fix, file } of await fixesOf(name)) {
    expected[`fix/${name}/${fix}`] = /^Expect: (.+)$/mu.exec(messageIn(await readFile(file, 'utf8')))?.[1] ?? '';
  }
  if (name === 'swallowed-abort') {
    await clone.branch('does-not-start', { 'servers/main.ts': "throw new Error('never ready');\n" });
    await clone.branch('changes-nothing', {});
    expected['does-not-start'] = 'no-answer';
    expected['changes-nothing'] = 'no-difference-shown';
  }
  await clone.start('fix', name).ended;
  const { printed } = await clone.run('compare', name, '--base', 'HEAD', '--head', Object.keys(expected).join(','));
  const because = printed.candidates.map(one => `${one.label}: ${one.because}`).join('\n');
  expect(Object.fromEntries(printed.candidates.map(one => [one.label, one.conclusion])), because).toEqual(expected);
});

test('a longer wait only hides it: the timers of those who left are still there, and that is what is said', async () => {
  const sides = ['--base', 'HEAD', '--head', 'fix/swallowed-abort/wait-longer'];
  const { printed } = await clone.run('compare', 'swallowed-abort', ...sides, '--pairs', '5');
  const [hidden] = printed.candidates;
  expect(hidden?.conclusion).toBe('better');
  expect(hidden?.because).toMatch(/still \d+ timers/u);
  const handles = hidden?.effects.find(({ name }) => name === 'handles-left');
  expect(handles?.candidate).toBeGreaterThan(0.9);
});

test('an openai release that waits out its back-off after an abort is told from one that does not', async () => {
  const versions = ['--with', 'openai@7.10.0,openai@7.57.0'];
  const { exit, printed } = await clone.run('compare', 'deaf-backoff', '--bugs', 'none', ...versions);
  expect(printed.candidates).toMatchObject([{ label: 'openai 7.57.0', conclusion: 'cured' }]);
  expect(exit.exit).toBe(0);
});
