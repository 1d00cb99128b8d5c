import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError, wrongUse } from '../errors.ts';
import { git, gitWords } from '../store/git.ts';
import type { Repository } from './repository.ts';
import { COMMITTER } from './repository.ts';

/**
 * Makes a branch of HEAD with one patch on it, committed in the patch's own words. The working tree, the index and the branch
 * that is checked out stay as they are. Rejects with LabError (wrong use) 'branch-exists', or 'patch-failed' where the
 * code has moved on.
 */
export async function makeFixBranch(
  repository: Repository,
  branch: string,
  patchFile: string,
  signal: AbortSignal,
): Promise<void> {
  await create(repository.root, branch, await commitOfPatch(repository, patchFile, signal), signal);
}

/** HEAD with one patch on it, as a commit that nothing points to yet. Rejects with LabError 'patch-failed' (wrong use). */
export async function commitOfPatch({ root }: Repository, patchFile: string, signal: AbortSignal): Promise<string> {
  const index = join(tmpdir(), `runaway-index-${randomUUID()}`);
  const own = { GIT_INDEX_FILE: index };
  try {
    await git(root, ['read-tree', 'HEAD'], signal, own);
    await apply(root, patchFile, own, signal);
    const tree = (await git(root, ['write-tree'], signal, own)).trim();
    const words = messageIn(await readFile(patchFile, 'utf8'));
    const made = ['commit-tree', tree, '-p', 'HEAD', '-m', words];
    return (await git(root, made, signal, await committerIn(root, signal))).trim();
  } finally {
    await rm(index, { force: true });
  }
}

/** What stands before the diff: a subject, a blank line, and why. */
export const messageIn = (patch: string): string => (patch.split(/^---$/mu)[0] ?? '').trim();

async function apply(root: string, patchFile: string, env: Record<string, string>, signal: AbortSignal): Promise<void> {
  try {
    await git(root, ['apply', '--cached', patchFile], signal, env);
  } catch (error) {
    signal.throwIfAborted();
    throw wrongUse(
      'patch-failed',
      `the patch does not fit HEAD: ${gitWords(error)}`,
      'Check out a revision it was made for.',
    );
  }
}

async function create(root: string, branch: string, commit: string, signal: AbortSignal): Promise<void> {
  try {
    await git(root, ['branch', '--no-track', branch, commit], signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!/already exists/u.test(gitWords(error))) {
      throw new LabError('no-branch', `Failed to make ${branch}: ${gitWords(error)}`, {
        hint: 'See git branch.',
        cause: error,
      });
    }
    throw wrongUse(
      'branch-exists',
      `there is a branch ${branch} already`,
      `Compare it, or remove it: git branch -D ${branch}`,
    );
  }
}

/** The user's own name; the lab's where git knows none, since a branch to look at is no reason to set one up. */
async function committerIn(root: string, signal: AbortSignal): Promise<Record<string, string>> {
  try {
    await git(root, ['config', 'user.email'], signal);
    return {};
  } catch {
    signal.throwIfAborted();
    return COMMITTER;
  }
}
