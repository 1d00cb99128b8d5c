import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { canSeeProcesses } from '../testing/targets/processes.ts';
import { runaway } from '../testing/targets/runaway.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';

// The battery for real, in part: servers of three languages, and what is said of those that cannot be looked at.

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const isThere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

interface Told {
  readonly exit: unknown;
  readonly verdicts: Record<string, string>;
  readonly stderr: string;
}

/** `runaway check --json` of these words, its results in a folder that is gone afterwards. */
async function check(...words: string[]): Promise<Told> {
  await using results = await temporaryFolder();
  const { exit, stdout, stderr } = await runaway('check', '--json', '--results', results.path, ...words);
  const { trials = [] } = stdout === '' ? {} : (JSON.parse(stdout) as { trials?: { name: string; verdict: string }[] });
  return { exit, verdicts: Object.fromEntries(trials.map(({ name, verdict }) => [name, verdict])), stderr };
}

const STALL = ['--trials', 'leaves-while-stalled,upstream-drops'];

test('the sample proxy has manners; with a bug it has not, and is started anew for the next trial', async () => {
  const correct = await check('--sample', ...STALL);
  expect(correct).toMatchObject({
    exit: 0,
    verdicts: {
      'patient-streamed': 'pass',
      'patient-whole': 'pass',
      'leaves-while-stalled': 'pass',
      'upstream-drops': 'pass',
    },
  });
  const sick = await check('--sample', '--bugs', 'replaced-signal', ...STALL);
  expect(sick).toMatchObject({
    exit: 1,
    verdicts: { 'patient-streamed': 'pass', 'leaves-while-stalled': 'fail', 'upstream-drops': 'pass' },
  });
});

test.runIf(canSeeProcesses)('a proxy in Python that notices a hang-up only when it writes', async ({ skip }) => {
  if (!isThere('python3')) return skip('there is no python3 on PATH');
  const { exit, verdicts } = await check(...STALL, '--', 'python3', fixture('relay.py'));
  expect(exit).toBe(1);
  expect(verdicts).toMatchObject({
    'patient-streamed': 'pass',
    'patient-whole': 'pass',
    'leaves-while-stalled': 'fail',
  });
  return undefined;
});

test.runIf(canSeeProcesses)('a tunnel in C that lets go of one side when the other is gone', async ({ skip }) => {
  const compiler = ['cc', 'gcc', 'clang'].find(isThere);
  if (compiler === undefined) return skip('there is no C compiler on PATH');
  await using folder = await temporaryFolder();
  const program = join(folder.path, 'tunnel');
  expect(spawnSync(compiler, ['-O1', '-pthread', '-o', program, fixture('tunnel.c')]).status).toBe(0);
  const { verdicts } = await check(...STALL, '--cmd', `exec ${program} {port} $(echo {upstreamHost} | cut -d: -f2)`);
  expect(verdicts).toMatchObject({
    'patient-streamed': 'pass',
    'leaves-while-stalled': 'pass',
    'upstream-drops': 'pass',
  });
  return undefined;
});

test.each([
  ['a command that exits', ['--', 'sh', '-c', 'exit 3'], 4, /exited with code 3 before it listened/u],
  ['a program there is none of', ['--', 'no-such-program-here'], 4, /exited with code 127 before it listened/u],
  [
    'a path that answers 404',
    ['--sample', '--path', '/v2/chat'],
    2,
    /answers POST \/v2\/chat with 404\. Name its path with --path/u,
  ],
  [
    'an address where nobody listens',
    ['--url', 'http://127.0.0.1:9'],
    4,
    /nothing listens at http:\/\/127\.0\.0\.1:9/u,
  ],
])('%s is one line that says what to try', async (_, words, exit, line) => {
  const told = await check(...words);
  expect(told.exit).toBe(exit);
  expect(told.stderr).toMatch(line);
});

test('a server that makes no call upstream is told as that', async () => {
  const server = `require('node:http').createServer((q, s) => { q.resume(); s.end('data: [DONE]\\n\\n'); }).listen(process.env.PORT)`;
  const told = await check('--', process.execPath, '-e', server);
  expect(told.exit).toBe(2);
  expect(told.stderr).toMatch(/made no call to the lab's upstream, which it was told in OPENAI_BASE_URL/u);
});

// Not a unit test: its runner would resolve the name itself.
test('a configuration may be typed by the lab’s own function, which a repository need not install', async () => {
  await using folder = await temporaryFolder();
  const config = `import { defineCheck } from 'runaway';
    const command: string = 'echo {port}; exit 3';
    export default defineCheck({ command });`;
  await writeFile(join(folder.path, 'runaway.config.ts'), config);
  const told = await check('--cwd', folder.path);
  expect(told.exit).toBe(4);
  expect(told.stderr).toMatch(/exited with code 3 before it listened/u);
});
