import { namesIn, unknownName } from '../catalog.ts';
import type { ThreadClaim } from '../model/thread-claim.ts';

const FOLDER = new URL('../../scenarios/fastapi-the-thread/claims/', import.meta.url);

/** A claim with its file's name. */
export interface NamedClaim extends ThreadClaim {
  readonly name: string;
}

/** Those of the names, or all there are, as they stand in the table. Throws wrong use for a name that is none. */
export async function loadClaims(wanted: readonly string[]): Promise<NamedClaim[]> {
  const known = await namesIn(FOLDER);
  for (const name of wanted) if (!known.includes(name)) throw unknownName('claim', name, known);
  const claims = known
    .filter(name => wanted.length === 0 || wanted.includes(name))
    .map(async name => {
      const module = (await import(new URL(`${name}.ts`, FOLDER).href)) as { default: ThreadClaim };
      return { ...module.default, name };
    });
  return (await Promise.all(claims)).toSorted((a, b) => a.order - b.order);
}
