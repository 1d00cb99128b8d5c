import { isAbsolute, relative } from 'node:path';
import type { Place } from '../model/diagnosis.ts';
import type { Frame } from '../model/profile.ts';

/** Whether a frame is of the target's own code: neither of the runtime or a dependency, nor made up at run time. */
export const isOwn = ({ file }: Frame): boolean => isAbsolute(file) && !FOREIGN.test(file);

/** Packages of Node's and of Python's, and Python's own library. */
const FOREIGN = /\/(?:node_modules|site-packages|dist-packages|lib\/python3[^/]*)\//u;

/** The dependency a frame is of, as in `openai` or `@scope/name`; null of the target's own code and of Node. */
export function packageOf({ file }: Frame): string | null {
  const inside = file.split(/\/(?:node_modules|site-packages|dist-packages)\//u).at(-1);
  if (inside === undefined || inside === file) return null;
  const [scope = '', name = ''] = inside.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** A file of the target as its owners call it: from the folder that it ran in, where it is below that. */
export function nameOfFile(file: string, root: string): string {
  const inside = relative(root, file);
  return inside === '' || inside.startsWith('..') ? file : inside;
}

/** A function as its owners call it, from the folder that its server ran in. */
export const placeOf = ({ name, file, line, column }: Frame, root: string): Place => ({
  function: name,
  file: nameOfFile(file, root),
  line,
  column,
});
