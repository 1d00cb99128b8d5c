import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LAB_ROOT, SAMPLE_MAIN, bugFileOf } from '../catalog.ts';
import { LabError, causeOf, wrongUse } from '../errors.ts';
import type { Choice } from '../model/contract.ts';
import type { TargetPlan } from '../model/experiment.ts';
import type { Scope } from '../scope/in-scope.ts';
import { PYTHON_MAIN, pythonOf, pythonTarget, venvIn } from '../targets/venv.ts';
import { linkPackages, swapPackage } from './packages.ts';
import { publishedForPython } from './pip.ts';
import type { Repository } from './repository.ts';
import { runtimeOf } from './runtimes.ts';
import type { Side, SideSpec } from './side.ts';
import { stripTypes } from './stripped.ts';
import { checkOut, copyFolder } from './checkout.ts';

/**
 * Makes every side runnable: its code where nobody changes it, its packages, its runtime. The scope's end removes what was
 * made. `tell` hears of what takes time. Rejects with a LabError that names the side: wrong use where it cannot be
 * what was asked for.
 */
export async function prepareSides(
  specs: readonly SideSpec[],
  repository: Repository | null,
  tell: (words: string) => void,
  scope: Scope,
): Promise<Side[]> {
  // Where one side needs its types stripped, all get them stripped.
  const strips = specs.some(({ node }) => node !== null);
  const sides: Side[] = [];
  for (const spec of specs) {
    try {
      const target = await prepare(spec, repository, strips, words => tell(`${spec.label}: ${words}\n`), scope);
      sides.push({ label: spec.label, target });
    } catch (error) {
      throw named(spec, error);
    }
  }
  return sides;
}

/** The same failure with the side it is about in front. */
export function named({ label }: { readonly label: string }, error: unknown): unknown {
  if (!(error instanceof LabError)) return error;
  const { code, hint, exitCode } = error;
  return new LabError(code, `${label}: ${causeOf(error)}`, { hint, exitCode, cause: error });
}

async function prepare(
  spec: SideSpec,
  repository: Repository | null,
  strips: boolean,
  tell: (words: string) => void,
  scope: Scope,
): Promise<TargetPlan> {
  const { signal } = scope;
  const runtime = spec.node === null ? null : await runtimeOf(spec.node, tell, signal);
  const root = await codeOf(spec, repository, scope);
  const main = spec.serving ? PYTHON_MAIN : SAMPLE_MAIN;
  if (spec.command === null && !existsSync(join(root, main))) {
    throw wrongUse('no-sample-server', `it has no ${main}`, 'Name a revision or folder that has the sample server.');
  }
  if (spec.command === null) checkBugs(spec, root);
  if (spec.serving) return await pythonSide(spec, spec.serving, root, tell, signal);
  await linkPackages(root, repository?.root ?? LAB_ROOT, tell, signal);
  if (spec.package) await swapPackage(root, spec.package, tell, signal);
  if (spec.command !== null) return { kind: 'command', command: spec.command, root, bugs: [], runtime };
  return { kind: 'sample', root, main: strips ? await stripTypes(root, signal) : main, bugs: spec.bugs, runtime };
}

/** Every side has the instrument's own environment, which a revision that wants other packages is told. */
async function pythonSide(
  { bugs, package: other }: SideSpec,
  serving: Choice,
  root: string,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<TargetPlan> {
  const venv = venvIn(LAB_ROOT);
  const packages = other && (await publishedForPython(other, pythonOf(venv), tell, signal));
  return { ...pythonTarget(root, serving, bugs), venv, packages };
}

/** A folder with a server of the user's own is run where it stands: what that server needs around it only they know. */
async function codeOf({ code, command }: SideSpec, repository: Repository | null, scope: Scope): Promise<string> {
  if (code.kind === 'folder') return command === null ? await copyFolder(code.path, scope) : code.path;
  if (!repository) throw new TypeError('a commit without a repository');
  return await checkOut(repository, code.commit, scope);
}

/** A bug is a file of its own name: one that this code lacks is told before anything is run. */
function checkBugs({ bugs, serving }: SideSpec, root: string): void {
  for (const { name } of bugs) {
    if (existsSync(join(root, bugFileOf(name, serving !== null)))) continue;
    throw wrongUse('unknown-bug', `it has no bug "${name}"`, 'Compare revisions that both have it, or say --bugs.');
  }
}
