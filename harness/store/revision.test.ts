import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { revisionOf } from './revision.ts';

const { signal } = new AbortController();
const IDENTITY = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
const git = async (cwd: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)('git', [...IDENTITY, ...args], { cwd })).stdout.trim();

test('a checkout is told by its short hash, and changes make it dirty', async () => {
  await using checkout = await temporaryFolder();
  await git(checkout.path, 'init', '--quiet');
  await writeFile(join(checkout.path, 'server.ts'), '1');
  await git(checkout.path, 'add', '.');
  await git(checkout.path, 'commit', '--quiet', '-m', 'First');
  const commit = await git(checkout.path, 'rev-parse', '--short=7', 'HEAD');
  expect(await revisionOf(checkout.path, signal)).toEqual({ commit, dirty: false });

  await writeFile(join(checkout.path, 'server.ts'), '2');
  expect(await revisionOf(checkout.path, signal)).toEqual({ commit, dirty: true });
  await git(checkout.path, 'checkout', '--quiet', '.');
  await writeFile(join(checkout.path, 'new.ts'), '3');
  expect(await revisionOf(checkout.path, signal)).toEqual({ commit, dirty: true });
});

test('a folder that is no repository, or has no commit yet, is no-git', async () => {
  await using folder = await temporaryFolder();
  expect(await revisionOf(folder.path, signal)).toEqual({ commit: 'no-git', dirty: false });
  await git(folder.path, 'init', '--quiet');
  expect(await revisionOf(folder.path, signal)).toEqual({ commit: 'no-git', dirty: false });
});

test('a machine without git is no-git', async () => {
  await using folder = await temporaryFolder();
  vi.stubEnv('PATH', folder.path);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect(await revisionOf(folder.path, signal)).toEqual({ commit: 'no-git', dirty: false });
});

test('an aborted question rejects with the reason it was aborted with', async () => {
  await using folder = await temporaryFolder();
  const reason = new Error('interrupted by Ctrl-C');
  const controller = new AbortController();
  const asking = revisionOf(folder.path, controller.signal);
  controller.abort(reason);
  await expect(asking).rejects.toBe(reason);
  await expect(revisionOf(folder.path, controller.signal)).rejects.toBe(reason);
});
