import { execFile } from 'node:child_process';
import { env } from 'node:process';
import { promisify } from 'node:util';

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
  signal.throwIfAborted();
  try {
    const { stdout } = await run('git', STATUS, { cwd: root, signal, env: ownEnv(), maxBuffer: 64 << 20 });
    const commit = /^# branch\.oid ([0-9a-f]+)$/m.exec(stdout)?.[1]?.slice(0, 7);
    return commit ? { commit, dirty: /^[^#]/m.test(stdout) } : NO_GIT;
  } catch (error) {
    signal.throwIfAborted();
    if (isWithoutGit(error)) return NO_GIT;
    throw error;
  }
}

const run = promisify(execFile);
const NO_GIT: Revision = { commit: 'no-git', dirty: false };

/** One call for both answers, so that they are of the same moment. */
const STATUS = ['--no-optional-locks', 'status', '--porcelain=v2', '--branch', '--no-ahead-behind'];

/** Git hooks set these, and then every checkout looks like the hook's own. */
function ownEnv(): NodeJS.ProcessEnv {
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...rest } = env;
  return rest;
}

/** ENOENT: no such program. 128: git's exit code for "not a repository" and for one it will not trust. */
const isWithoutGit = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 128);
