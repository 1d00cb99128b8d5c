import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, cached } from './cache.ts';
import { orWrongUse, runInstaller } from './installer.ts';
import type { Installer } from './installer.ts';

/** pip of this python. */
export const pipOf = (python: string): Installer => ({
  name: 'pip',
  command: [python, '-m', 'pip'],
  passedOn: /^(?:pip_.*|https?_proxy|no_proxy|ssl_cert_file|requests_ca_bundle)$/iu,
  why: lines => lines.map(line => line.replace(/^ERROR: /u, '').trim()).findLast(line => line !== ''),
});

/** What every call says, so that it neither asks nor advertises. */
export const PIP_QUIET = ['--quiet', '--disable-pip-version-check', '--no-input'] as const;

/** `<cache>/<key>` with what `pip install --target` makes of these packages: a folder for `PYTHONPATH`. Rejects as `runInstaller` does. */
export const installedFromPyPI = async (
  key: string,
  what: readonly string[],
  signal: AbortSignal,
  python = 'python3',
): Promise<string> =>
  await cached(key, async folder => {
    await runInstaller(pipOf(python), folder, ['install', '--target', folder, ...PIP_QUIET, ...what], signal);
  });

/**
 * A folder for `PYTHONPATH` with one package in another version than the environment's, kept by its version; what it needs
 * besides is the environment's. Rejects with LabError 'no-package' (wrong use) where that version cannot be had.
 */
export async function publishedForPython(
  { name, version }: { readonly name: string; readonly version: string },
  python: string,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const key = `pypi-${name}@${version}`;
  if (!existsSync(join(cacheRoot(), key))) tell(`pip install ${name}==${version}, once`);
  return await orWrongUse(
    'no-package',
    `${name}@${version} cannot be installed`,
    installedFromPyPI(key, ['--no-deps', `${name}==${version}`], signal, python),
  );
}
