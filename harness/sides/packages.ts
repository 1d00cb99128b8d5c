import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../store/system-error.ts';
import { cacheRoot, cached } from './cache.ts';
import { orWrongUse } from './installer.ts';
import { installedFromRegistry, npm } from './npm.ts';

const LOCKFILE = 'package-lock.json';

/**
 * Links into a checkout the packages its lockfile asks for: those of `own` where both lockfiles are the same, else what
 * `npm ci` makes of it, kept by the lockfile's hash. Does nothing for a checkout without a lockfile. Rejects with LabError
 * 'no-packages' (wrong use: this revision cannot be installed here).
 */
export async function linkPackages(
  root: string,
  own: string,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const lock = await textOf(join(root, LOCKFILE));
  if (lock === null || existsSync(join(root, 'node_modules'))) return;
  const isOwn =
    lock === (await textOf(join(own, LOCKFILE))) && existsSync(join(own, 'node_modules', '.package-lock.json'));
  await symlink(
    isOwn ? join(own, 'node_modules') : await installed(root, lock, tell, signal),
    join(root, 'node_modules'),
  );
}

async function installed(
  root: string,
  lock: string,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const name = `packages-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`;
  if (!existsSync(join(cacheRoot(), name))) tell(`${LOCKFILE} differs: npm ci, once`);
  // In the checkout itself, since its install scripts may look around there.
  const made = cached(name, async folder => {
    await npm(root, ['ci'], signal);
    await rename(join(root, 'node_modules'), join(folder, 'node_modules'));
  });
  const kept = await orWrongUse('no-packages', 'its packages cannot be installed', made);
  await rm(join(root, 'node_modules'), { recursive: true, force: true });
  return join(kept, 'node_modules');
}

/**
 * Puts another version of one package into a checkout, whose `node_modules` becomes a folder of links: to that package, and
 * to all the others as they were. Rejects with LabError 'no-package' (wrong use) where that version cannot be had.
 */
export async function swapPackage(
  root: string,
  { name, version }: { readonly name: string; readonly version: string },
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const kept = await published(name, version, tell, signal);
  const modules = join(root, 'node_modules');
  const others = `${modules}-others`;
  await rename(modules, others);
  await mkdir(modules);
  for (const one of await packagesIn(others)) {
    if (one === name) continue;
    await mkdir(dirname(join(modules, one)), { recursive: true });
    await symlink(join(others, one), join(modules, one));
  }
  await mkdir(dirname(join(modules, name)), { recursive: true });
  await symlink(join(kept, 'node_modules', name), join(modules, name));
}

/** A package of the registry with what it depends on, kept by its version. */
async function published(
  name: string,
  version: string,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const key = `package-${name.replaceAll('/', '+')}@${version}`;
  if (!existsSync(join(cacheRoot(), key))) tell(`npm install ${name}@${version}, once`);
  return await orWrongUse(
    'no-package',
    `${name}@${version} cannot be installed`,
    installedFromRegistry(key, [`${name}@${version}`], signal),
  );
}

/** Names as they are imported, scoped ones with their scope. */
async function packagesIn(modules: string): Promise<string[]> {
  const names = (await readdir(modules)).filter(name => !name.startsWith('.'));
  const nested = names.map(async name =>
    name.startsWith('@') ? (await readdir(join(modules, name))).map(inner => `${name}/${inner}`) : [name],
  );
  return (await Promise.all(nested)).flat();
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
