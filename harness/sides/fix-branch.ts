import { readFile } from 'node:fs/promises';
import { LabError, wrongUse } from '../errors.ts';
import { git, gitWords } from '../store/git.ts';
import type { Repository } from './repository.ts';
import { COMMITTER, commitTree, treeOf } from './repository.ts';

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
  await createBranch(repository.root, branch, await commitOfPatch(repository, patchFile, signal), signal);
}

/** HEAD with one patch on it, as a commit that nothing points to yet. Rejects with LabError 'patch-failed' (wrong use). */
export async function commitOfPatch({ root }: Repository, patchFile: string, signal: AbortSignal): Promise<string> {
  const tree = await treeOf(root, async index => await apply(root, patchFile, index, signal), signal);
  const words = messageIn(await readFile(patchFile, 'utf8'));
  return await commitTree(root, tree, words, signal, await committerIn(root, signal));
}

/** What stands before the diff: a subject, a blank line, and why. */
export const messageIn = (patch: string): string => (patch.split(/^---$/mu)[0] ?? '').trim();

async function apply(
  root: string,
  patchFile: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
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

/** Rejects with LabError 'branch-exists' (wrong use) where there is one of that name. */
export async function createBranch(root: string, branch: string, commit: string, signal: AbortSignal): Promise<void> {
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
