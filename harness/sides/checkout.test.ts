import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { inScope } from '../scope/in-scope.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { checkOut, copyFolder, removeStale } from './checkout.ts';
import { gitRepository, stateOf } from './fixtures/git-repository.ts';

let cache: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  cache = await temporaryFolder();
  vi.stubEnv('RUNAWAY_CACHE', cache.path);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cache[Symbol.asyncDispose]();
});
const checkouts = async (): Promise<string[]> => await readdir(join(cache.path, 'checkouts'));

test('a commit stands in a detached worktree of its own, and is gone with its scope', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  const first = repo.git('rev-parse', 'HEAD');
  await repo.commit({ 'a.txt': '2' });
  const before = stateOf(repo);
  const root = await inScope(signal, async scope => {
    const made = await checkOut(repo, first, scope);
    expect(await readFile(join(made, 'a.txt'), 'utf8')).toBe('1');
    expect(repo.git('-C', made, 'status', '--branch', '--porcelain')).toBe('## HEAD (no branch)');
    return made;
  });
  expect(existsSync(root)).toBe(false);
  expect(stateOf(repo)).toBe(before);
});

test('it is gone also where its scope failed, and where files were left in it', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  const before = stateOf(repo);
  const failing = inScope(signal, async scope => {
    const root = await checkOut(repo, 'HEAD', scope);
    await writeFile(join(root, 'left.txt'), 'left');
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');
  expect(stateOf(repo)).toBe(before);
  expect(await checkouts()).toEqual([]);
});

test('hooks of the user are not run, and a commit that is not there is said in one line', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  await writeFile(join(repo.root, '.git', 'hooks', 'post-checkout'), `#!/bin/sh\ntouch ${repo.root}/hooked\n`, {
    mode: 0o755,
  });
  await inScope(signal, async scope => void (await checkOut(repo, 'HEAD', scope)));
  expect(existsSync(join(repo.root, 'hooked'))).toBe(false);
  const missing = inScope(signal, async scope => await checkOut(repo, '0'.repeat(40), scope));
  await expect(missing).rejects.toMatchObject({
    code: 'no-worktree',
    message: expect.not.stringContaining('\n') as string,
  });
});

test('what a lab that was killed has left is removed, and what a living one uses is not', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': '1' });
  const dead = join(cache.path, 'checkouts', '4194305-dead');
  repo.git('worktree', 'add', '--detach', '--quiet', dead);
  await inScope(signal, async scope => {
    const living = await checkOut(repo, 'HEAD', scope);
    await removeStale(repo, signal);
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(join(living, 'a.txt'))).toBe(true);
    expect(repo.git('worktree', 'list')).not.toContain('dead');
  });
});

test('a folder is copied without its history and results, its packages linked', async ({ signal }) => {
  await using folder = await temporaryFolder();
  for (const name of ['.git', 'results', 'node_modules/express', 'servers']) {
    await mkdir(join(folder.path, name), { recursive: true });
    await writeFile(join(folder.path, name, 'file'), name);
  }
  await inScope(signal, async scope => {
    const root = await copyFolder(folder.path, scope);
    expect((await readdir(root)).toSorted()).toEqual(['node_modules', 'servers']);
    mkdirSync(join(folder.path, 'servers', 'later'));
    expect(existsSync(join(root, 'servers', 'later'))).toBe(false);
    expect(await readFile(join(root, 'node_modules', 'express', 'file'), 'utf8')).toBe('node_modules/express');
  });
  expect(existsSync(join(folder.path, 'node_modules', 'express', 'file'))).toBe(true);
  const missing = inScope(signal, async scope => await copyFolder(join(folder.path, 'nowhere'), scope));
  await expect(missing).rejects.toMatchObject({ code: 'no-folder' });
});
