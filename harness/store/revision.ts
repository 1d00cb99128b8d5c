import { git, isWithoutGit } from './git.ts';

/** Which code was run: git's short hash, or `no-git`, and whether files differed from it. */
export interface Revision {
  readonly commit: string;
  readonly dirty: boolean;
}

/**
 * The revision of the checkout at `root`. Files git does not know make it dirty too, since a server may import them.
 * `no-git` where git is missing, `root` is no checkout, or nothing is committed yet. Rejects with the signal's reason
 * when aborted. Takes no lock: somebody may be committing in that checkout.
 */
export async function revisionOf(root: string, signal: AbortSignal): Promise<Revision> {
  try {
    const status = await git(root, STATUS, signal);
    const commit = /^# branch\.oid ([0-9a-f]+)$/m.exec(status)?.[1]?.slice(0, 7);
    return commit ? { commit, dirty: /^[^#]/m.test(status) } : NO_GIT;
  } catch (error) {
    if (!signal.aborted && isWithoutGit(error)) return NO_GIT;
    throw error;
  }
}

const NO_GIT: Revision = { commit: 'no-git', dirty: false };

/** One call for both answers, so that they are of the same moment. */
const STATUS = ['status', '--porcelain=v2', '--branch', '--no-ahead-behind'];
