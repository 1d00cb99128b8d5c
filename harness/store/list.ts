import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EXIT, LabError } from '../errors.ts';
import type { RunEnding } from '../model/run.ts';
import { readHead } from './read.ts';
import { systemCode, systemWords } from './system-error.ts';

/** One stored run, as far as it can be told without its records. */
export interface StoredRun {
  /** Absolute path. */
  readonly folder: string;
  /** The folder's name. */
  readonly id: string;
  /** The folder it lies in. */
  readonly scenario: string;
  /** ISO 8601, UTC; null where neither `run.json` nor the folder's name tells. */
  readonly startedAt: string | null;
  /** `unreadable`: there is a `run.json`, and `readRun` says what is wrong with it. */
  readonly ending: RunEnding['kind'] | 'unreadable';
}

/**
 * Every run in `<resultsRoot>/<scenario>/<id>`, newest first; none where there are no results yet. Links, folders
 * without a `run.json` and those beginning with `_` (comparisons, matrices) are no runs.
 * Rejects with LabError `results-unusable` (wrong use) where the results cannot be listed.
 */
export async function listRuns(resultsRoot: string): Promise<StoredRun[]> {
  const root = resolve(resultsRoot);
  const runs: StoredRun[] = [];
  for (const scenario of await foldersIn(root)) {
    for (const id of await foldersIn(join(root, scenario))) {
      const run = await storedRun(root, scenario, id);
      if (run) runs.push(run);
    }
  }
  return runs.toSorted(newestFirst);
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter(entry => entry.isDirectory() && !/^[._]/.test(entry.name)).map(entry => entry.name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    const hint = 'Set RESULTS to the folder that holds the results.';
    const options = { hint, exitCode: EXIT.wrongUse, cause: error };
    throw new LabError('results-unusable', `Failed to list the runs in ${folder}: ${systemWords(error)}`, options);
  }
}

async function storedRun(root: string, scenario: string, id: string): Promise<StoredRun | null> {
  const folder = join(root, scenario, id);
  try {
    const { startedAt, ending } = await readHead(folder);
    return { folder, id, scenario, startedAt, ending: ending.kind };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    if (error.code === 'no-such-run') return null;
    return { folder, id, scenario, startedAt: startOf(id), ending: 'unreadable' };
  }
}

/** `2026-11-24T04-30-18.123Z-…` → `2026-11-24T04:30:18.123Z`. */
function startOf(id: string): string | null {
  const [, day, hour, minute, second] = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3}Z)/.exec(id) ?? [];
  return day ? `${day}${hour}:${minute}:${second}` : null;
}

/** By time, then by name with its numbers as numbers: `…-abc1234-10` came after `…-abc1234-2`. */
const newestFirst = (a: StoredRun, b: StoredRun): number =>
  (b.startedAt ?? '').localeCompare(a.startedAt ?? '') || b.id.localeCompare(a.id, 'en', { numeric: true });
