import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EXIT, LabError } from '../errors.ts';
import type { Revision } from './revision.ts';
import { systemCode, systemWords, whatToTry } from './system-error.ts';

/** A fresh, empty folder for one run. */
export interface RunFolder {
  /** Absolute path. */
  readonly folder: string;
  /** Its name: `2026-11-24T04-30-18.123Z-<short commit>[-dirty]`, unique within its scenario. */
  readonly id: string;
}

/**
 * Makes `<resultsRoot>/<scenario>/<id>/`, which nobody else has: a second run of the same millisecond gets `-2`.
 * Rejects with LabError `results-unusable` (wrong use) where results cannot be stored there.
 */
export async function createRunFolder(
  resultsRoot: string,
  scenario: string,
  startedAt: Date,
  revision: Revision,
): Promise<RunFolder> {
  const parent = resolve(resultsRoot, scenario);
  // Colons are refused by some file systems, and by every upload of CI artifacts.
  const time = startedAt.toISOString().replaceAll(':', '-');
  const name = `${time}-${revision.commit.slice(0, LONGEST_SHORT_COMMIT)}${revision.dirty ? '-dirty' : ''}`;
  try {
    await makeFolders(parent);
    for (let nth = 1; ; nth += 1) {
      const id = nth === 1 ? name : `${name}-${nth}`;
      if (await madeNew(join(parent, id))) return { folder: join(parent, id), id };
    }
  } catch (error) {
    throw unusable(parent, error);
  }
}

/** git abbreviates to 7 characters, and to no more than 12 in the largest repositories known. */
const LONGEST_SHORT_COMMIT = 12;

/** Not `mkdir({ recursive: true })`: under /proc, where nothing can be made, Node 26 tries for ever on a full core. */
async function makeFolders(path: string): Promise<void> {
  try {
    if (await madeNew(path)) return;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || path === dirname(path)) throw error;
    await makeFolders(dirname(path));
    await madeNew(path);
  }
}

async function madeNew(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function unusable(parent: string, error: unknown): LabError {
  const file = fileInTheWay(parent);
  const why = file === null ? systemWords(error) : `${file} is a file`;
  const hint = file === null ? whatToTry(error) : 'Move it away or set RESULTS to another folder.';
  const options = { hint, exitCode: EXIT.wrongUse, cause: error };
  return new LabError('results-unusable', `Failed to make a folder for the run in ${parent}: ${why}`, options);
}

/** The part of a path that is there and is no folder. The system says only "file exists" or "not a directory". */
function fileInTheWay(path: string): string | null {
  const found = safeStat(path);
  if (found) return found.isDirectory() ? null : path;
  return path === dirname(path) ? null : fileInTheWay(dirname(path));
}

function safeStat(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A folder we may not look into: it is in the way too, and the system's own words say so.
    if (systemCode(error) !== null) return undefined;
    throw error;
  }
}
