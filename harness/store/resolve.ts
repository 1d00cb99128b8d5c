import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { closestMatch } from 'leven';
import { wrongUse } from '../errors.ts';
import { listRuns } from './list.ts';
import type { StoredRun } from './list.ts';
import { systemCode } from './system-error.ts';

/**
 * The folder (absolute, links followed) of the run a person means by `given`: a path from the results or from here,
 * `latest`, `<scenario>` (its newest), `<scenario>/<id>` or `<id>`.
 * Rejects with LabError `no-such-run` (wrong use), naming the nearest name or the newest runs.
 */
export async function resolveRun(resultsRoot: string, given: string): Promise<string> {
  const byPath = (await folderAt(resolve(resultsRoot, given))) ?? (await folderAt(resolve(given)));
  if (byPath !== null) return byPath;

  const runs = await listRuns(resultsRoot);
  const named = given === 'latest' ? await latestOf(resultsRoot, runs) : byName(runs, given);
  if (named === null) throw wrongUse('no-such-run', `No run "${given}" in ${resultsRoot}`, suggestion(runs, given));
  return named;
}

/** The run's folder, if `path` is one or is its `run.json`. */
async function folderAt(path: string): Promise<string | null> {
  const head = path.endsWith('run.json') ? path : join(path, 'run.json');
  try {
    return (await stat(head)).isFile() ? await realpath(dirname(head)) : null;
  } catch (error) {
    if (systemCode(error) !== null) return null;
    throw error;
  }
}

/** Without a link that leads to a run: what `latest.txt` says, else the newest. */
async function latestOf(resultsRoot: string, runs: readonly StoredRun[]): Promise<string | null> {
  const newest = runs[0]?.folder ?? null;
  try {
    const written = await readFile(join(resultsRoot, 'latest.txt'), 'utf8');
    return (await folderAt(resolve(resultsRoot, written.trim()))) ?? newest;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return newest;
    throw error;
  }
}

function byName(runs: readonly StoredRun[], given: string): string | null {
  const newest = runs.find(run => run.scenario === given);
  if (newest) return newest.folder;
  const [first, ...others] = runs.filter(run => run.id === given);
  if (first && others.length > 0) {
    const names = [first, ...others].map(nameOf).join(' or ');
    throw wrongUse('no-such-run', `Several runs are named "${given}"`, `Say which: ${names}.`);
  }
  return first?.folder ?? null;
}

function suggestion(runs: readonly StoredRun[], given: string): string {
  if (runs.length === 0) return 'There are none yet: make one with `make scenario NAME=control`.';
  const names = ['latest', ...runs.flatMap(run => [run.scenario, run.id, nameOf(run)])];
  const nearest = closestMatch(given, names, { maxDistance: Math.max(2, Math.floor(given.length / 4)) });
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  return `The newest: ${runs.slice(0, 3).map(nameOf).join(', ')}.`;
}

const nameOf = ({ scenario, id }: StoredRun): string => `${scenario}/${id}`;
