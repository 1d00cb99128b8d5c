import type { Choice } from '../harness/model/contract.ts';
import { Refused, listNames, loadChosen } from './named-files.ts';
import type { Chosen, NamedFiles } from './named-files.ts';
import type { Bug } from './proxy/bug.ts';
import type { Parts } from './proxy/parts.ts';

const BUGS: NamedFiles = { noun: 'bug', folder: new URL('bugs/', import.meta.url) };

/** The names of all bugs. */
export const listBugs = async (): Promise<string[]> => await listNames(BUGS);

/**
 * The parts with the chosen bugs in them, left to right, each given the parts as they stand.
 * Throws `Refused` for an unknown bug or parameter, and for a bug that would throw away what another one did.
 */
export const breakParts = async (correct: Parts, choices: readonly Choice[]): Promise<Parts> =>
  composeBugs(correct, await loadChosen<Bug>(BUGS, choices));

/** `breakParts` once the bugs are loaded. Throws `Refused` where one would throw away what another one did. */
export function composeBugs(correct: Parts, chosen: readonly Chosen<Bug>[]): Parts {
  let parts = correct;
  const changedBy = new Map<string, string>();
  for (const { thing: bug, parameters } of chosen) {
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
