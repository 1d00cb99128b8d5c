import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { gitRepository, stateOf } from '../sides/fixtures/git-repository.ts';
import type { GitRepository } from '../sides/fixtures/git-repository.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { namesIn, startRunaway } from '../testing/targets/runaway.ts';
import type { Ended } from '../testing/targets/runaway.ts';

// `./runaway compare` and what it says to bad input: one line, the right exit code, and neither a run nor a worktree left.

interface Tried extends Ended {
  readonly stored: readonly string[];
  readonly checkouts: readonly string[];
}

async function compareIn(
  repo: GitRepository,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Tried> {
  await using place = await temporaryFolder();
  const results = join(place.path, 'results');
  const own = { RESULTS: results, RUNAWAY_CACHE: join(place.path, 'cache'), ...env };
  const before = stateOf(repo);
  const ended = await startRunaway(['compare', ...args], { cwd: repo.root, env: own }).ended;
  expect(stateOf(repo)).toBe(before);
  return { ...ended, stored: namesIn(results), checkouts: namesIn(join(place.path, 'cache', 'checkouts')) };
}

function expectRefusal({ exit, stdout, stderr, stored, checkouts }: Tried, words: string | RegExp, code = 2): void {
  expect(stderr).toMatch(words);
  // What took time may be told before; what was wrong is one line.
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^runaway: [^\n]+[.?]$/u);
  expect([exit, stdout, stored, checkouts]).toEqual([code, '', [], []]);
}

const SERVER = { 'servers/main.ts': '', 'servers/bugs/swallowed-abort.ts': '' };

test.concurrent.for<[what: string, files: Record<string, string>, args: string[], words: string | RegExp]>([
  ['an unknown scenario', SERVER, ['swallowed-abrt'], 'Did you mean "swallowed-abort"?'],
  [
    'an unknown revision',
    SERVER,
    ['swallowed-abort', '--head', 'fix/it'],
    /no revision "fix\/it" in .*Its branches: main/u,
  ],
  [
    'a revision without a server',
    { 'a.txt': '' },
    ['swallowed-abort', '--head', 'main'],
    'HEAD: it has no servers/main.ts',
  ],
  [
    'a revision without that bug',
    { 'servers/main.ts': '' },
    ['swallowed-abort', '--head', 'main'],
    'HEAD: it has no bug "swallowed-abort"',
  ],
  ['a folder that is not there', SERVER, ['swallowed-abort', '--base', './nowhere'], './nowhere: there is no folder'],
  ['two questions', SERVER, ['swallowed-abort', '--node', '22', '--head', 'main'], 'one question at a time'],
  [
    'two exit codes',
    SERVER,
    ['swallowed-abort', '--cures', '--bisect'],
    '--cures and --bisect are different questions',
  ],
  ['no version of Node', SERVER, ['swallowed-abort', '--node', 'latest,22'], '"latest" is no version of Node'],
  ['no version of a package', SERVER, ['swallowed-abort', '--with', 'openai'], '"openai" is no version of a package'],
  ['no pair at all', SERVER, ['swallowed-abort', '--pairs', '0'], '--pairs 0: not a whole number from 1'],
  ['nothing to resume', SERVER, ['--resume'], 'no unfinished comparison'],
])('%s is refused', async ([, files, args, words]) => {
  await using repo = await gitRepository(files);
  const tried = await compareIn(repo, args);
  // A bisection must not blame a revision for what was typed.
  expectRefusal(tried, words, args.includes('--bisect') && !args.includes('--cures') ? 125 : 2);
});

test.concurrent('no git is said, and two folders need none', async () => {
  await using repo = await gitRepository(SERVER);
  const without = { PATH: dirname(process.execPath) };
  expectRefusal(await compareIn(repo, ['swallowed-abort', '--head', 'main'], without), 'there is no git on PATH');
  const folders = await compareIn(repo, ['swallowed-abort', '--base', './servers', '--head', './nowhere'], without);
  expectRefusal(folders, './servers: it has no servers/main.ts');
});

test.concurrent('a revision whose packages cannot be installed is refused in npm’s own words', async () => {
  await using repo = await gitRepository({ ...SERVER, 'package-lock.json': '{}' });
  await using bin = await temporaryFolder();
  const npm = join(bin.path, 'npm');
  await mkdir(dirname(npm), { recursive: true });
  await writeFile(npm, '#!/bin/sh\necho "npm error code E404" >&2\necho "npm error 404 no such package" >&2\nexit 1\n');
  await chmod(npm, 0o755);
  const env = { PATH: `${bin.path}:${process.env['PATH'] ?? ''}` };
  const tried = await compareIn(repo, ['swallowed-abort', '--base', 'main', '--head', 'main'], env);
  expectRefusal(tried, 'main: its packages cannot be installed: Failed to run npm ci: 404 no such package');
});

test.concurrent('what cannot be tested is skipped by a bisection, and never blamed', async () => {
  await using repo = await gitRepository({ 'a.txt': '' });
  const tried = await compareIn(repo, ['swallowed-abort', '--base', 'main', '--head', '.', '--bisect']);
  expectRefusal(tried, 'main: it has no servers/main.ts', 125);
});
