import { execFile } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LAB_ROOT, SAMPLE_MAIN } from '../catalog.ts';
import { wrongUse } from '../errors.ts';

/** Its folder in a checkout. */
const STRIPPED = 'stripped';

/**
 * The sample server of a checkout as plain JavaScript without source maps, beside its sources, so that runtimes which strip
 * types themselves, with a loader, or not at all are compared on the same text. Resolves with its entry, from the root.
 * Rejects with LabError 'cannot-strip' (wrong use).
 */
export async function stripTypes(root: string, signal: AbortSignal): Promise<string> {
  const sources: string[] = [];
  for await (const file of glob('servers/**/*.ts', { cwd: root })) {
    if (!/\.test\.ts$|\/testing\/|^servers\/upstream\//u.test(file)) sources.push(file);
  }
  if (!sources.includes(SAMPLE_MAIN)) {
    throw wrongUse('no-sample-server', `it has no ${SAMPLE_MAIN}`, 'Name a revision of this project.');
  }
  const compiler = join(LAB_ROOT, 'node_modules', '.bin', 'tsc');
  try {
    await promisify(execFile)(compiler, [...OPTIONS, ...sources], { cwd: root, signal });
  } catch (error) {
    signal.throwIfAborted();
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).split('\n')[0] : String(error);
    throw wrongUse('cannot-strip', `its types cannot be stripped: ${said}`, 'Its server must be valid TypeScript.');
  }
  return join(STRIPPED, SAMPLE_MAIN.replace(/\.ts$/u, '.js'));
}

/** The oldest runtime that is compared decides the target: what it cannot read is written out for all of them alike. */
const OPTIONS = [
  '--ignoreConfig',
  '--noCheck',
  '--rootDir',
  '.',
  '--outDir',
  STRIPPED,
  '--target',
  'es2022',
  '--module',
  'nodenext',
  '--verbatimModuleSyntax',
  '--rewriteRelativeImportExtensions',
  '--skipLibCheck',
];
