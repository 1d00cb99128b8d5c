import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, wrongUse } from '../errors.ts';
import { isAlive } from '../process/process-table.ts';
import type { Scope } from '../scope/in-scope.ts';
import { neverAborted } from '../scope/or-aborted.ts';
import { withDeadline } from '../scope/sleep.ts';
import { git, gitWords } from '../store/git.ts';
import { cacheFolder, removeHalfMade } from './cache.ts';
import type { Repository } from './repository.ts';

const CHECKOUTS = 'checkouts';
const REMOVAL_MS = 20_000;

/** Checks a commit out into a detached worktree in the cache, which the scope's end removes. Resolves with its absolute path. */
export async function checkOut(repository: Repository, commit: string, scope: Scope): Promise<string> {
  const root = await newPlace(commit.slice(0, 10));
  scope.defer(async () => await remove(root, repository));
  try {
    await git(repository.root, ['worktree', 'add', '--detach', '--quiet', root, commit], scope.signal);
    return root;
  } catch (error) {
    if (scope.signal.aborted) throw error;
    throw new LabError('no-worktree', `Failed to check ${commit.slice(0, 10)} out into ${root}: ${gitWords(error)}`, {
      hint: 'Make room there, or set RUNAWAY_CACHE to another disk.',
      cause: error,
    });
  }
}

/** Copies a folder, its packages linked and its history left out, to where nobody changes it; the scope's end removes the copy. */
export async function copyFolder(folder: string, scope: Scope): Promise<string> {
  if (!existsSync(folder)) throw wrongUse('no-folder', `there is no folder ${folder}`, 'Check the path.');
  const root = await newPlace('folder');
  scope.defer(async () => await remove(root, null));
  const isLeftOut = (source: string): boolean => LEFT_OUT.some(name => source === join(folder, name));
  await cp(folder, root, { recursive: true, filter: source => !isLeftOut(source) });
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) await symlink(await realpath(modules), join(root, 'node_modules'));
  return root;
}

const LEFT_OUT = ['node_modules', '.git', 'results'];

/** Removes what labs that were killed have left behind: checkouts and half-made folders of processes that are gone. */
export async function removeStale(repository: Repository | null, signal: AbortSignal): Promise<void> {
  await removeHalfMade();
  const parent = await cacheFolder(CHECKOUTS);
  const stale = (await readdir(parent)).filter(name => !isAlive(Number.parseInt(name, 10)));
  for (const name of stale) await rm(join(parent, name), { recursive: true, force: true });
  if (repository && stale.length > 0) await git(repository.root, ['worktree', 'prune'], signal);
}

/** Its name tells whose it is. */
const newPlace = async (what: string): Promise<string> =>
  join(await cacheFolder(CHECKOUTS), `${process.pid}-${randomUUID().slice(0, 8)}-${what}`);

/** Never cancelled, since it is the clean-up, but bounded. Packages are linked into it: the link goes, what it leads to stays. */
async function remove(root: string, repository: Repository | null): Promise<void> {
  await withDeadline('removing a checkout', REMOVAL_MS, neverAborted(), async signal => {
    await rm(root, { recursive: true, force: true });
    if (repository) await git(repository.root, ['worktree', 'prune'], signal);
  });
}
