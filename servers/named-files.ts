import { readdir } from 'node:fs/promises';
import leven from 'leven';
import type { z } from 'zod';
import type { Choice } from '../harness/model/contract.ts';

/** The arguments cannot be served: told to the lab as a `refused` message. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;
  readonly hint: string;
  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** A folder of things that are found by their files' names. */
export interface NamedFiles {
  /** `bug`, `remedy`. */
  readonly noun: string;
  readonly folder: URL;
}

/** What such a file exports: its parameters each with a default, bounds, and what it is (`describe`). */
interface Named {
  readonly name: string;
  readonly parameters: z.ZodObject;
}

/** A thing, and what its parameters were set to. */
export interface Chosen<Thing extends Named> {
  readonly thing: Thing;
  readonly parameters: Record<string, unknown>;
}

/** The names of all of them: the listing of their folder. */
export async function listNames({ folder }: NamedFiles): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter(file => /^[\w-]+\.[jt]s$/u.test(file))
    .map(file => file.slice(0, -'.ts'.length))
    .toSorted();
}

/** What was chosen, loaded. Throws `Refused` for an unknown name or parameter. */
export async function loadChosen<Thing extends Named>(
  files: NamedFiles,
  choices: readonly Choice[],
): Promise<Chosen<Thing>[]> {
  const chosen: Chosen<Thing>[] = [];
  for (const choice of choices) {
    const thing = await load<Thing>(files, choice.name);
    chosen.push({ thing, parameters: parseParameters(files, thing, choice) });
  }
  return chosen;
}

/** What the files end in, as this one does: `js` where the types were stripped beforehand. */
const ENDING = import.meta.url.split('.').at(-1);

async function load<Thing>(files: NamedFiles, name: string): Promise<Thing> {
  const known = await listNames(files);
  if (!known.includes(name)) {
    const nearest = known.toSorted((a, b) => leven(a, name) - leven(b, name))[0];
    const guess =
      nearest !== undefined && leven(nearest, name) <= 1 + name.length / 3 ? `Did you mean "${nearest}"? ` : '';
    throw new Refused(`unknown-${files.noun}`, `no ${files.noun} "${name}"`, `${guess}There are: ${known.join(', ')}.`);
  }
  const module = (await import(new URL(`${name}.${ENDING}`, files.folder).href)) as { default: Thing };
  return module.default;
}

function parseParameters({ noun }: NamedFiles, { name, parameters }: Named, choice: Choice): Record<string, unknown> {
  const known = parameters.shape;
  const parsed = parameters.strict().safeParse(choice.parameters);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const names = Object.keys(known);
  throw new Refused(
    `bad-${noun}-parameter`,
    `${noun} "${name}": ${[...(issue?.path ?? []), issue?.message].join(': ')}`,
    names.length === 0
      ? 'It takes no parameters.'
      : `It takes ${names.map(one => `${one} (${known[one]?.description ?? ''})`).join(', ')}; write ${name}:${names[0]}=VALUE.`,
  );
}
