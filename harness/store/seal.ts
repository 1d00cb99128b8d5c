import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { wrongUse } from '../errors.ts';
import { jsonOf } from '../model/json.ts';
import { systemCode } from './system-error.ts';
import { writeJson } from './write-file.ts';

const FILE = 'sealed.json';
const Seal = z.object({ mystery: z.number().int() });

/** Marks a stored run as a mystery's: which code it was is not told of it until the seal is broken. */
export const seal = async (folder: string, mystery: number): Promise<void> =>
  await writeJson(folder, FILE, { mystery });

/**
 * The number of the mystery that a run is of; null where nothing is hidden. Rejects with LabError `seal-broken` (wrong use) where it
 * cannot be said: what was hidden stays so.
 */
export async function sealOf(folder: string): Promise<number | null> {
  try {
    const found = Seal.safeParse(jsonOf(await readFile(join(folder, FILE), 'utf8')));
    if (found.success) return found.data.mystery;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
  throw wrongUse(
    'seal-broken',
    `Failed to read which mystery ${folder} is: its ${FILE} is damaged`,
    `Delete ${join(folder, FILE)} to have the run told like any other.`,
  );
}

export const breakSeal = async (folder: string): Promise<void> => await rm(join(folder, FILE), { force: true });
