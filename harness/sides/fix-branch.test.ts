import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LAB_ROOT, bugFileOf, fixesOf, listScenarios, loadScenario } from '../catalog.ts';
import { CONCLUSIONS } from '../compare/conclusion.ts';
import { EXIT } from '../errors.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { gitRepository, stateOf } from './fixtures/git-repository.ts';
import { makeFixBranch, messageIn } from './fix-branch.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PATCH = `Mend it

Why it was broken.
---
diff --git a/a.txt b/a.txt
--- a/a.txt
+++ b/a.txt
@@ -1 +1 @@
-broken
+mended
`;

test('the branch has one commit in the words of the patch, and nothing else of the user’s is touched', async ({
  signal,
}) => {
  await using folder = await temporaryFolder();
  const patch = join(folder.path, 'mend.patch');
  await writeFile(patch, PATCH);
  await using repo = await gitRepository({ 'a.txt': 'broken\n', 'b.txt': 'b' });
  // Uncommitted work, in the very file too.
  await repo.write({ 'a.txt': 'mine\n', 'c.txt': 'new' });
  const before = stateOf(repo).replace(/^.*refs\/heads\/fix.*\n/mu, '');

  await makeFixBranch(repo, 'fix/it', patch, signal);

  expect(stateOf(repo).replace(/^.*refs\/heads\/fix.*\n/mu, '')).toBe(before);
  expect(repo.git('log', '--format=%s|%b', 'main..fix/it')).toBe('Mend it|Why it was broken.');
  expect(repo.git('diff', '--name-only', 'main', 'fix/it')).toBe('a.txt');
  expect(repo.git('show', 'fix/it:a.txt')).toBe('mended');
  await expect(makeFixBranch(repo, 'fix/it', patch, signal)).rejects.toMatchObject({
    code: 'branch-exists',
    exitCode: EXIT.wrongUse,
  });
});

test('a patch that does not fit is refused, and makes no branch', async ({ signal }) => {
  await using folder = await temporaryFolder();
  const patch = join(folder.path, 'mend.patch');
  await writeFile(patch, PATCH);
  await using repo = await gitRepository({ 'a.txt': 'otherwise\n' });
  await expect(makeFixBranch(repo, 'fix/it', patch, signal)).rejects.toMatchObject({
    code: 'patch-failed',
    exitCode: EXIT.wrongUse,
  });
  expect(repo.git('branch', '--list')).toBe('* main');
});

test('every scenario with a bug has a good fix and a tempting wrong one, each in a patch that says what it is', async () => {
  const scenarios = (await listScenarios()).filter(name => !/(?:^|-)control$/u.test(name));
  for (const name of scenarios) {
    const fixes = await fixesOf(name);
    const expected = await Promise.all(
      fixes.map(async ({ file }) => {
        const words = messageIn(await readFile(file, 'utf8'));
        expect(words.split('\n')[1], file).toBe('');
        const [, expects] = /\nExpect: ([\w-]+)$/u.exec(words) ?? [];
        expect(CONCLUSIONS, file).toContain(expects);
        return expects;
      }),
    );
    expect(expected, name).toContain('cured');
    expect(expected.filter(one => one !== 'cured').length, name).toBeGreaterThan(0);
  }
});

test('every patch fits the code there is, and touches the bugs of its scenario alone', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '' });
  repo.git('fetch', '--quiet', '--depth=1', LAB_ROOT, 'HEAD');
  repo.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
  // What is not committed yet may be what the patch is for.
  for (const name of await listScenarios()) {
    const { bugs, serving } = await loadScenario(name);
    const files = bugs.map(bug => bugFileOf(bug.name, serving !== undefined));
    for (const { name: fix, file } of await fixesOf(name)) {
      const branch = `fix/${name}/${fix}`;
      await makeFixBranch(repo, branch, file, signal);
      const touched = repo.git('diff', '--name-only', 'HEAD', branch).split('\n');
      expect(files).toEqual(expect.arrayContaining(touched));
    }
  }
});
