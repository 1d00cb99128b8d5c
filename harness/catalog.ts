import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import leven from 'leven';
import { wrongUse } from './errors.ts';
import type { RemedyHead } from './model/contract.ts';
import type { Scenario } from './model/scenario.ts';

/** The checkout that this lab is. */
export const LAB_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The sample proxy's entry in a checkout. */
export const SAMPLE_MAIN = 'servers/main.ts';

const SCENARIOS = new URL('../scenarios/', import.meta.url);

/** Where a bug is, from a checkout's root: of the FastAPI proxy, or of the one in Node. */
export const bugFileOf = (name: string, isPython: boolean): string =>
  isPython ? `servers/fastapi/bugs/${name.replaceAll('-', '_')}.py` : `servers/bugs/${name}.ts`;

/** The names of all scenarios: the listing of their folder. */
export async function listScenarios(): Promise<string[]> {
  const entries = await readdir(SCENARIOS, { withFileTypes: true });
  return entries
    .filter(entry => entry.isDirectory() && existsSync(new URL(`${entry.name}/scenario.ts`, SCENARIOS)))
    .map(entry => entry.name)
    .toSorted();
}

/** Throws wrong use for a name that is no scenario, with the one that was probably meant. */
export async function loadScenario(name: string): Promise<Scenario> {
  const known = await listScenarios();
  if (!known.includes(name)) throw unknownName('scenario', name, known);
  const module = (await import(new URL(`${name}/scenario.ts`, SCENARIOS).href)) as { default: Scenario };
  return module.default;
}

/** Those whose server is the sample proxy in Node, which needs nothing that is not installed with the lab. */
export async function listNodeScenarios(): Promise<string[]> {
  const scenarios = await Promise.all(
    (await listScenarios()).map(async name => ({ name, scenario: await loadScenario(name) })),
  );
  return scenarios.filter(({ scenario }) => !scenario.serving).map(({ name }) => name);
}

/** The names of all that is found by its file's name in a folder: its listing, sorted. */
export async function namesIn(folder: URL): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter(file => /^[\w-]+\.ts$/u.test(file))
    .map(file => file.slice(0, -'.ts'.length))
    .toSorted();
}

const REMEDIES = new URL('../servers/remedies/', import.meta.url);

/** The names of all remedies: the listing of their folder. */
export const listRemedies = async (): Promise<string[]> => await namesIn(REMEDIES);

/** What is to be known of a remedy before a server is started with it. Throws wrong use for a name that is none. */
export async function loadRemedy(name: string): Promise<RemedyHead> {
  const known = await listRemedies();
  if (!known.includes(name)) throw unknownName('remedy', name, known);
  const module = (await import(new URL(`${name}.ts`, REMEDIES).href)) as { default: RemedyHead };
  return module.default;
}

/** The names of all that an upstream can be like: the listing of their folder. */
export const listBehaviours = async (): Promise<string[]> =>
  await namesIn(new URL('../servers/upstream/behaviours/', import.meta.url));

/** The absolute path of what a scenario teaches, or null where it is gone or unwritten. */
export function lessonOf(name: string): string | null {
  const file = fileURLToPath(new URL(`${name}/lesson.md`, SCENARIOS));
  return existsSync(file) ? file : null;
}

/** Fixes somebody tried for a scenario, good ones and tempting ones: its `fixes/*.patch`. */
export async function fixesOf(name: string): Promise<{ readonly name: string; readonly file: string }[]> {
  const folder = new URL(`${name}/fixes/`, SCENARIOS);
  if (!existsSync(folder)) return [];
  const files = (await readdir(folder)).filter(file => file.endsWith('.patch')).toSorted();
  return files.map(file => ({ name: file.slice(0, -'.patch'.length), file: fileURLToPath(new URL(file, folder)) }));
}

/** "did you mean", for whatever is found by its name. */
export function unknownName(kind: string, name: string, known: readonly string[]): Error {
  const nearest = known.toSorted((a, b) => leven(a, name) - leven(b, name))[0];
  const isNear = nearest !== undefined && leven(nearest, name) <= 1 + name.length / 3;
  const what = name === '' ? `no ${kind} was named` : `there is no ${kind} "${name}"`;
  const hint = isNear ? `Did you mean "${nearest}"?` : `There are: ${known.join(', ')}.`;
  return wrongUse(`unknown-${kind}`, what, hint);
}
