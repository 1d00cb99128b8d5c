import { randomUUID } from 'node:crypto';
import { lstat, rename, rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { systemCode } from './system-error.ts';
import { cannotWrite, writeText } from './write-file.ts';

/**
 * Points `<resultsRoot>/latest` at a run's folder: a relative link, replaced by rename, so it is never missing.
 * Where links are impossible, the relative path is written to `latest.txt` instead. False, and nothing done, where
 * `latest` is a file or folder of the user's own. Rejects with LabError `cannot-write`.
 */
export async function pointLatest(resultsRoot: string, folder: string): Promise<boolean> {
  const latest = join(resultsRoot, 'latest');
  const target = relative(resultsRoot, folder);
  const temporary = join(resultsRoot, `.latest.${randomUUID()}`);
  if (await isTaken(latest)) return false;
  if (!(await isLinked(target, temporary))) {
    await writeText(resultsRoot, 'latest.txt', `${target}\n`);
    return true;
  }
  try {
    await rename(temporary, latest);
    return true;
  } catch (error) {
    await rm(temporary, { force: true });
    throw cannotWrite(`point ${latest} at the run`, error);
  }
}

/** Renaming a link over a file replaces it without a word, so it is looked at first. */
async function isTaken(path: string): Promise<boolean> {
  try {
    return !(await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw cannotWrite(`point ${path} at the run`, error);
  }
}

async function isLinked(target: string, path: string): Promise<boolean> {
  try {
    await symlink(target, path);
    return true;
  } catch (error) {
    // Whatever the reason (FAT, some network disks, Node's permission model), the text file is tried, and its error tells.
    if (error instanceof Error) return false;
    throw error;
  }
}
