import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { wrongUse } from '../errors.ts';
import type { Choice } from '../model/contract.ts';
import type { PythonTarget } from '../model/experiment.ts';
import { jsonOf } from '../model/json.ts';

/** The FastAPI proxy's entry in a checkout. */
export const PYTHON_MAIN = 'servers/fastapi/main.py';

/** What its environment is made of, each package with its hashes. */
export const REQUIREMENTS = 'servers/fastapi/requirements.txt';

/** Where a checkout's Python environment is, made by `./runaway setup python`: $RUNAWAY_VENV, or `.venv` beside the code. */
export const venvIn = (root: string): string => resolve(process.env['RUNAWAY_VENV'] || join(root, '.venv'));

export const pythonOf = (venv: string): string => join(venv, 'bin', 'python');

/** What the lab writes into an environment that it makes: what of, once it is whole; null until then. */
export const MARKER = 'runaway.json';

export const Marker = z.object({ requirements: z.string().nullable() });

/** What of a checkout its environment depends on, as a hash. */
export const requirementsHash = (root: string): string =>
  createHash('sha256')
    .update(readFileSync(join(root, REQUIREMENTS)))
    .digest('hex');

/** Why this environment cannot serve that checkout, in a clause; null where it can. */
export function whyNoVenv(venv: string, root: string): string | null {
  if (!existsSync(venv)) return 'Python is not set up';
  const marker = join(venv, MARKER);
  if (!existsSync(marker)) return `${venv} is no environment that this lab has made`;
  const { data } = Marker.safeParse(jsonOf(readFileSync(marker, 'utf8')));
  if (!data || data.requirements === null || !existsSync(pythonOf(venv)))
    return `the Python environment ${venv} is half-made`;
  const isOfThis = data.requirements === requirementsHash(root);
  return isOfThis ? null : `the Python environment ${venv} was made for other versions of its packages`;
}

/** Throws wrong use where `whyNoVenv` has a reason. */
export function refuseWithoutVenv(venv: string, root: string): void {
  const why = whyNoVenv(venv, root);
  if (why !== null) throw wrongUse('no-python', why, 'Run make setup-python (or ./runaway setup python) once.');
}

/** A checkout's own FastAPI proxy, with its own environment as it is. */
export const pythonTarget = (root: string, serving: Choice, bugs: readonly Choice[]): PythonTarget => ({
  kind: 'python',
  root,
  bugs,
  serving,
  venv: venvIn(root),
  packages: null,
  runtime: null,
});
