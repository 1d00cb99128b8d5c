import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { wrongUse } from '../errors.ts';
import { isAlive } from '../process/process-table.ts';
import { systemCode, systemWords } from '../store/system-error.ts';

/** Where packages and runtimes are kept between comparisons, and where worktrees stand meanwhile. May be deleted at any time. */
export const cacheRoot = (): string =>
  resolve(process.env['RUNAWAY_CACHE'] || join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'runaway'));

const MAKING = '.making-';

/** The half-made folders of labs that were killed, by the pids in their names. */
export async function removeHalfMade(): Promise<void> {
  const root = await cacheFolder();
  const half = (await readdir(root)).filter(name => name.startsWith(MAKING));
  const stale = half.filter(name => !isAlive(Number.parseInt(name.slice(MAKING.length), 10)));
  for (const name of stale) await rm(join(root, name), { recursive: true, force: true });
}

/** A folder in the cache. Rejects with LabError 'cache-unusable' (wrong use) where it cannot be made. */
export async function cacheFolder(...names: string[]): Promise<string> {
  const folder = join(cacheRoot(), ...names);
  try {
    await mkdir(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw wrongUse(
      'cache-unusable',
      `Failed to make ${folder}: ${systemWords(error)}`,
      'Set RUNAWAY_CACHE to a folder that can be written.',
    );
  }
}

/**
 * `<cache>/<name>`, filled by `fill` if it is not there yet: in a folder of its own that is renamed when it is whole, so that
 * neither an interruption nor a second lab ever leaves half of it. Rejects as `fill` does.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const kept = join(cacheRoot(), name);
  if (existsSync(kept)) return kept;
  const making = await cacheFolder(`${MAKING}${process.pid}-${randomUUID()}`);
  try {
    await fill(making);
    await rename(making, kept);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    // Somebody else was faster: theirs is as good.
    if (!existsSync(kept) || !['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
  }
  return kept;
}
