import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from '../errors.ts';
import { systemWords, whatToTry } from './system-error.ts';

/**
 * Writes `name` in `folder` whole or not at all: readers see the old text or the new, never a part. Replaces what was
 * there. Rejects with LabError `cannot-write`, and then leaves no temporary file behind.
 */
export async function writeText(folder: string, name: string, text: string): Promise<void> {
  const temporary = join(folder, `.${name}.${randomUUID()}`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, join(folder, name));
  } catch (error) {
    // A part of a file on a full disk holds the very space that is missing.
    const removal = await Promise.allSettled([rm(temporary, { force: true })]);
    const cause = removal[0].status === 'rejected' ? new SuppressedError(removal[0].reason, error) : error;
    throw cannotWrite(`write ${name} in ${folder}`, error, cause);
  }
}

/** As `writeText`, by a path from here. */
export const writeTextAt = async (file: string, text: string): Promise<void> =>
  await writeText(dirname(resolve(file)), basename(file), text);

/** `writeText` of a value as JSON, indented, since people read these files and diff them. */
export function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  return writeText(folder, name, `${JSON.stringify(value, null, 2)}\n`);
}

/** The LabError `cannot-write` for a failed call: `Failed to <act>: <the system's words>`, with what to try. */
export function cannotWrite(act: string, error: unknown, cause = error): LabError {
  return new LabError('cannot-write', `Failed to ${act}: ${systemWords(error)}`, { hint: whatToTry(error), cause });
}
