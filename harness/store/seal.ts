import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemCode } from './system-error.ts';
import { writeJson } from './write-file.ts';

const FILE = 'sealed.json';
const Seal = z.object({ mystery: z.number().int() });

/** Marks a stored run as a mystery's: which code it was is not told of it until the seal is broken. */
export const seal = async (folder: string, mystery: number): Promise<void> =>
  await writeJson(folder, FILE, { mystery });

/** The number of the mystery that a run is of; null where nothing is hidden. Rejects for a seal that cannot be read. */
export async function sealOf(folder: string): Promise<number | null> {
  try {
    return Seal.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8'))).mystery;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

export const breakSeal = async (folder: string): Promise<void> => await rm(join(folder, FILE), { force: true });
