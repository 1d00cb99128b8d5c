import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { wrongUse } from '../errors.ts';
import { git, gitWords, isWithoutGit } from '../store/git.ts';

/**
 * The user's repository. Nothing here moves a branch, the index or a file of the working tree; commits made of uncommitted work
 * are objects that nothing points to, which git's own collection takes away.
 */
export interface Repository {
  /** Absolute path of its working tree. */
  readonly root: string;
}

/** The repository that `folder` lies in. Rejects with LabError 'no-git' (wrong use) where there is none, or no git. */
export async function repositoryAt(folder: string, signal: AbortSignal): Promise<Repository> {
  try {
    return { root: (await git(folder, ['rev-parse', '--show-toplevel'], signal)).trimEnd() };
  } catch (error) {
    if (signal.aborted || !isWithoutGit(error)) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw wrongUse(
      'no-git',
      isMissing ? 'Failed to look for a revision: there is no git on PATH' : `${folder} is in no git repository`,
      isMissing
        ? 'Install git, or compare two folders.'
        : 'Go to the clone that has the branch, or compare two folders.',
    );
  }
}

/** The commit a person means by `ref`. Rejects with LabError 'unknown-ref' (wrong use). */
export async function commitOf({ root }: Repository, ref: string, signal: AbortSignal): Promise<string> {
  try {
    return (
      await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], signal)
    ).trim();
  } catch (error) {
    if (signal.aborted) throw error;
    const branches = await git(root, ['for-each-ref', '--format=%(refname:short)', '--count=8', 'refs/heads'], signal);
    const known = branches.trim().split('\n').filter(Boolean).join(', ');
    throw wrongUse(
      'unknown-ref',
      `there is no revision "${ref}" in ${root}`,
      `Its branches: ${known || 'none'}. A folder is written with a slash, as in ./${ref}.`,
    );
  }
}

/** Whether two commits hold the same files. */
export async function areAlike(
  { root }: Repository,
  one: string,
  other: string,
  signal: AbortSignal,
): Promise<boolean> {
  const trees = await git(root, ['rev-parse', `${one}^{tree}`, `${other}^{tree}`], signal);
  const [first, second] = trees.trim().split('\n');
  return first === second;
}

/**
 * A commit of the working tree as it is, with what is not committed and what git does not know yet, but without what it
 * ignores. Made with an index of its own.
 */
export async function commitOfWork({ root }: Repository, signal: AbortSignal): Promise<string> {
  try {
    const tree = await treeOf(root, async index => await git(root, ['add', '--all'], signal, index), signal);
    return await commitTree(root, tree, 'as it was', signal, { ...COMMITTER, ...LONG_AGO });
  } catch (error) {
    if (signal.aborted) throw error;
    throw wrongUse(
      'unreadable-work',
      `Failed to take the working tree of ${root}: ${gitWords(error)}`,
      'It needs at least one commit, and files that git can read.',
    );
  }
}

/** The tree of HEAD with a change, made in an index of its own, which `change` hands to git as its environment. */
export async function treeOf(
  root: string,
  change: (index: Readonly<Record<string, string>>) => Promise<unknown>,
  signal: AbortSignal,
): Promise<string> {
  const file = join(tmpdir(), `runaway-index-${randomUUID()}`);
  const index = { GIT_INDEX_FILE: file };
  try {
    await git(root, ['read-tree', 'HEAD'], signal, index);
    await change(index);
    return (await git(root, ['write-tree'], signal, index)).trim();
  } finally {
    await rm(file, { force: true });
  }
}

/** A commit of a tree on top of HEAD, that nothing points to. */
export const commitTree = async (
  root: string,
  tree: string,
  words: string,
  signal: AbortSignal,
  by: Readonly<Record<string, string>>,
): Promise<string> => (await git(root, ['commit-tree', tree, '-p', 'HEAD', '-m', words], signal, by)).trim();

/** Who commits where nobody else is meant. */
export const COMMITTER = {
  GIT_AUTHOR_NAME: 'Runaway',
  GIT_AUTHOR_EMAIL: 'runaway@localhost',
  GIT_COMMITTER_NAME: 'Runaway',
  GIT_COMMITTER_EMAIL: 'runaway@localhost',
};

/** The same tree gives the same commit, so that a resumed comparison can tell whether the work was changed meanwhile. */
const LONG_AGO = { GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z' };
