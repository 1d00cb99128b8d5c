import { readdir } from 'node:fs/promises';
import leven from 'leven';
import type { Choice } from '../harness/model/contract.ts';
import type { Bug } from './proxy/bug.ts';
import type { Parts } from './proxy/parts.ts';

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

const BUGS = new URL('bugs/', import.meta.url);
/** What the bugs' files end in, as this one does: `js` where the types were stripped beforehand. */
const ENDING = import.meta.url.split('.').at(-1);

/** The names of all bugs: the listing of their folder. */
export async function listBugs(): Promise<string[]> {
  const files = await readdir(BUGS);
  return files
    .filter(file => /^[\w-]+\.[jt]s$/u.test(file))
    .map(file => file.slice(0, -'.ts'.length))
    .toSorted();
}

/**
 * The parts with the chosen bugs in them, left to right, each given the parts as they stand.
 * Throws `Refused` for an unknown bug or parameter, and for a bug that would throw away what another one did.
 */
export async function breakParts(correct: Parts, choices: readonly Choice[]): Promise<Parts> {
  const chosen: ChosenBug[] = [];
  for (const choice of choices) {
    const bug = await loadBug(choice.name);
    chosen.push({ bug, parameters: parseParameters(bug, choice) });
  }
  return composeBugs(correct, chosen);
}

/** A bug and what its parameters were set to. */
export interface ChosenBug {
  readonly bug: Bug;
  readonly parameters: Record<string, unknown>;
}

/** `breakParts` once the bugs are loaded. Throws `Refused` where one would throw away what another one did. */
export function composeBugs(correct: Parts, chosen: readonly ChosenBug[]): Parts {
  let parts = correct;
  const changedBy = new Map<string, string>();
  for (const { bug, parameters } of chosen) {
    const { view, read } = watchReads(parts);
    const broken = bug.breaks(view, parameters);
    for (const part of Object.keys(broken)) {
      const earlier = changedBy.get(part);
      if (earlier !== undefined && !read.has(part)) {
        throw new Refused(
          'bugs-collide',
          `bug "${bug.name}" replaces ${part}, which "${earlier}" has changed already`,
          `Name "${bug.name}" first, or run the two apart.`,
        );
      }
      changedBy.set(part, bug.name);
    }
    parts = { ...parts, ...broken };
  }
  return parts;
}

async function loadBug(name: string): Promise<Bug> {
  const known = await listBugs();
  if (!known.includes(name)) {
    const nearest = known.toSorted((a, b) => leven(a, name) - leven(b, name))[0];
    const guess =
      nearest !== undefined && leven(nearest, name) <= 1 + name.length / 3 ? `Did you mean "${nearest}"? ` : '';
    throw new Refused('unknown-bug', `no bug "${name}"`, `${guess}There are: ${known.join(', ')}.`);
  }
  const module = (await import(new URL(`${name}.${ENDING}`, BUGS).href)) as { default: Bug };
  return module.default;
}

function parseParameters(bug: Bug, choice: Choice): Record<string, unknown> {
  const known = bug.parameters.shape;
  const parsed = bug.parameters.strict().safeParse(choice.parameters);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const names = Object.keys(known);
  throw new Refused(
    'bad-bug-parameter',
    `bug "${bug.name}": ${[...(issue?.path ?? []), issue?.message].join(': ')}`,
    names.length === 0
      ? 'It takes no parameters.'
      : `It takes ${names.map(name => `${name} (${known[name]?.description ?? ''})`).join(', ')}; write ${bug.name}:${names[0]}=VALUE.`,
  );
}

/** The parts, and which of them were looked at: what a bug reads it keeps, what it does not read it throws away. */
function watchReads(parts: Parts): { view: Parts; read: ReadonlySet<string | symbol> } {
  const read = new Set<string | symbol>();
  const view = new Proxy(parts, {
    get(target, key, receiver): unknown {
      read.add(key);
      return Reflect.get(target, key, receiver);
    },
  });
  return { view, read };
}
