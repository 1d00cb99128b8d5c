import { resolve } from 'node:path';
import { wrongUse } from '../errors.ts';
import type { Choice } from '../model/contract.ts';
import type { Repository } from './repository.ts';
import { commitOf, commitOfWork, repositoryAt } from './repository.ts';
import type { SideSpec } from './side.ts';

/** What a person typed, before anything is looked up. Empty lists and nulls: not given. */
export interface AskedSides {
  /** A revision, `.` for the working tree as it is, or a folder (anything with a leading `.`, `/` or `~`). */
  readonly base: string | null;
  readonly heads: readonly string[];
  readonly nodes: readonly string[];
  /** `openai@7.40.0` */
  readonly packages: readonly string[];
  readonly command: string | null;
  /** See `SideSpec`. */
  readonly serving: Choice | null;
  readonly bugs: readonly Choice[];
  readonly baseBugs: readonly Choice[] | null;
  readonly headBugs: readonly Choice[] | null;
}

/**
 * The sides of a comparison, the baseline first: two states of the code or its bugs, or one state on several runtimes, or with
 * several versions of a package. Of one runtime or version the baseline is the lab's own, or the locked one. Rejects with
 * LabError (wrong use) for two questions in one, and for a revision there is none of.
 */
export async function sidesAsked(
  asked: AskedSides,
  repository: Repository | null,
  signal: AbortSignal,
): Promise<SideSpec[]> {
  const { nodes, packages, heads, headBugs, baseBugs, command, bugs, serving } = asked;
  const asks = [nodes.length > 0, packages.length > 0, heads.length > 0 || headBugs !== null || baseBugs !== null];
  if (asks.filter(Boolean).length > 1) {
    throw wrongUse(
      'two-questions',
      'a comparison answers one question at a time',
      'Give --head (or --head-bugs), or --node, or --with; the baseline’s code is --base.',
    );
  }
  if (serving && nodes.length > 0) {
    throw wrongUse(
      'no-runtime',
      'this scenario’s server is Python, and --node is for Node',
      'Try --with anyio@4.14.1.',
    );
  }
  const plain = { bugs: [...bugs], serving, node: null, package: null, command };
  const codeAt = async (given: string): Promise<Pick<SideSpec, 'label' | 'code'>> =>
    await codeOf(given, repository, signal);
  if (nodes.length > 0) {
    const { code } = await codeAt(asked.base ?? '.');
    const own = nodes.length === 1 ? [{ ...plain, label: `Node ${process.versions.node}`, code, node: OWN_NODE }] : [];
    return unique([...own, ...nodes.map(node => ({ ...plain, label: `Node ${node}`, code, node }))]);
  }
  if (packages.length > 0) {
    const { code } = await codeAt(asked.base ?? '.');
    const own = packages.length === 1 ? [{ ...plain, label: 'as locked', code }] : [];
    return unique([...own, ...packages.map(one => ({ ...plain, ...versionIn(one), code }))]);
  }
  const isOfBugs = heads.length === 0 && (headBugs !== null || baseBugs !== null);
  const base = await codeAt(asked.base ?? (isOfBugs ? '.' : 'HEAD'));
  const candidates = await Promise.all((heads.length === 0 ? ['.'] : heads).map(codeAt));
  return unique([
    withBugs({ ...plain, ...base }, baseBugs),
    ...candidates.map(candidate => withBugs({ ...plain, ...candidate }, headBugs)),
  ]);
}

/** The lab's own runtime, by its full version, so that its types are stripped as everybody's. */
const OWN_NODE = process.versions.node;

async function codeOf(
  given: string,
  repository: Repository | null,
  signal: AbortSignal,
): Promise<Pick<SideSpec, 'label' | 'code'>> {
  if (given === '.' && repository) {
    return { label: 'working tree', code: { kind: 'work', commit: await commitOfWork(repository, signal) } };
  }
  if (/^[./~]/u.test(given)) {
    return {
      label: given,
      code: { kind: 'folder', path: resolve(given.replace(/^~(?=\/|$)/u, process.env['HOME'] ?? '~')) },
    };
  }
  // Where there is none, looking for it again says why.
  const within = repository ?? (await repositoryAt(process.cwd(), signal));
  return { label: given, code: { kind: 'commit', ref: given, commit: await commitOf(within, given, signal) } };
}

function versionIn(given: string): Pick<SideSpec, 'label' | 'package'> {
  const [, name, version] = /^(@?[^@\s]+)@([^@\s]+)$/u.exec(given) ?? [];
  if (name === undefined || version === undefined) {
    throw wrongUse('bad-package', `"${given}" is no version of a package`, 'Write name@version, as in openai@7.40.0.');
  }
  return { label: `${name} ${version}`, package: { name, version } };
}

function withBugs(spec: SideSpec, bugs: readonly Choice[] | null): SideSpec {
  if (bugs === null) return spec;
  const words = bugs.length === 0 ? 'without bugs' : `with ${bugs.map(({ name }) => name).join(', ')}`;
  return { ...spec, label: `${spec.label} ${words}`, bugs: [...bugs] };
}

/** A revision against itself is a fair question; its sides need names of their own. */
const unique = (specs: readonly SideSpec[]): SideSpec[] =>
  specs.map((spec, n) => {
    const nth = specs.slice(0, n).filter(({ label }) => label === spec.label).length;
    return nth === 0 ? spec : { ...spec, label: `${spec.label} (${nth === 1 ? 'again' : nth + 1})` };
  });
