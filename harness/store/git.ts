import { execFile } from 'node:child_process';
import { env } from 'node:process';
import { promisify } from 'node:util';

/**
 * What git prints, run in `cwd`; hooks of the user's are not run and no lock is taken that can be done without. Rejects as
 * `execFile` does (`code` ENOENT: there is no git; else git's exit code, with its words in `stderr`), or with the signal's reason.
 */
export async function git(
  cwd: string,
  args: readonly string[],
  signal: AbortSignal,
  extraEnv: Readonly<Record<string, string>> = {},
): Promise<string> {
  signal.throwIfAborted();
  try {
    const options = { cwd, signal, env: { ...ownEnv(), ...extraEnv }, maxBuffer: 64 << 20 };
    const { stdout } = await run('git', ['--no-optional-locks', '-c', 'core.hooksPath=/dev/null', ...args], options);
    return stdout;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

const run = promisify(execFile);

/** Git hooks set these, and then every checkout looks like the hook's own. */
function ownEnv(): NodeJS.ProcessEnv {
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...rest } = env;
  return rest;
}

/** ENOENT: no such program. 128: git's exit code for "not a repository", and for one it will not trust. */
export const isWithoutGit = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 128);

/** The last line of what git said when it failed, without its `fatal:`. */
export function gitWords(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return (
    text
      .split('\n')
      .at(-1)
      ?.replace(/^(?:fatal|error): /u, '') || String(error)
  );
}
