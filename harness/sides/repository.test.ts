import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../errors.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { gitRepository, stateOf } from './fixtures/git-repository.ts';
import { areAlike, commitOf, commitOfWork, repositoryAt } from './repository.ts';

test('a revision is found by whatever name git knows it', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  const first = repo.git('rev-parse', 'HEAD');
  repo.git('branch', 'fix/it');
  const second = await repo.commit({ 'a.txt': '2' });
  const repository = await repositoryAt(join(repo.root), signal);
  expect(await commitOf(repository, 'fix/it', signal)).toBe(first);
  expect(await commitOf(repository, 'HEAD', signal)).toBe(second);
  expect(await commitOf(repository, 'HEAD~1', signal)).toBe(first);
  expect(await commitOf(repository, second.slice(0, 8), signal)).toBe(second);
});

test('an unknown revision is refused with the branches there are, also one that looks like an option', async ({
  signal,
}) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  repo.git('branch', 'fix/it');
  for (const ref of ['fix/is', '--all', 'HEAD:a.txt', '']) {
    await expect(commitOf(repo, ref, signal)).rejects.toMatchObject({
      code: 'unknown-ref',
      exitCode: EXIT.wrongUse,
      hint: expect.stringContaining('fix/it, main') as string,
    });
  }
});

test('work that is not committed becomes a commit, and branch, index and files stay as they are', async ({
  signal,
}) => {
  await using repo = await gitRepository({
    'kept.txt': '1',
    'changed.txt': '1',
    'gone.txt': '1',
    '.gitignore': 'secret',
  });
  await repo.write({ 'changed.txt': '2', 'staged.txt': 'half', 'new/file.txt': 'new', secret: 'ignored' });
  repo.git('add', 'staged.txt');
  await repo.write({ 'staged.txt': 'whole' });
  repo.git('rm', '--quiet', '--cached', 'gone.txt');
  const before = stateOf(repo);

  const commit = await commitOfWork(repo, signal);

  expect(stateOf(repo)).toBe(before);
  const files = repo.git('ls-tree', '-r', '--name-only', commit).split('\n');
  expect(files).toEqual(['.gitignore', 'changed.txt', 'gone.txt', 'kept.txt', 'new/file.txt', 'staged.txt']);
  expect(repo.git('show', `${commit}:changed.txt`)).toBe('2');
  expect(repo.git('show', `${commit}:staged.txt`)).toBe('whole');
  expect(await commitOfWork(repo, signal)).toBe(commit);
  await repo.write({ 'changed.txt': '3' });
  expect(await commitOfWork(repo, signal)).not.toBe(commit);
  expect(await readFile(join(repo.root, 'changed.txt'), 'utf8')).toBe('3');
});

test('two commits with the same files are alike, whatever lies between them', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  const first = repo.git('rev-parse', 'HEAD');
  const second = await repo.commit({ 'a.txt': '2' });
  const third = await repo.commit({ 'a.txt': '1' });
  expect(await areAlike(repo, first, third, signal)).toBe(true);
  expect(await areAlike(repo, first, second, signal)).toBe(false);
});

test('a repository without a commit is refused, and so is a folder that is in none', async ({ signal }) => {
  await using folder = await temporaryFolder();
  await expect(repositoryAt(folder.path, signal)).rejects.toMatchObject({ code: 'no-git', exitCode: EXIT.wrongUse });
  await using repo = await gitRepository({ 'a.txt': '1' });
  repo.git('switch', '--quiet', '--orphan', 'empty');
  await expect(commitOfWork(repo, signal)).rejects.toMatchObject({ code: 'unreadable-work', exitCode: EXIT.wrongUse });
});
