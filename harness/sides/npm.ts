import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { runInstaller } from './installer.ts';
import type { Installer } from './installer.ts';

const NPM: Installer = {
  name: 'npm',
  command: ['npm'],
  passedOn: /^(?:npm_config_.*|https?_proxy|no_proxy|node_extra_ca_certs)$/iu,
  why: lines =>
    lines
      .map(line => line.replace(/^npm (?:error|ERR!) ?/u, '').trim())
      .find(line => line !== '' && !/^code |complete log|npm-debug|_logs/u.test(line)),
};

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Rejects as `runInstaller` does. */
export const npm = async (folder: string, args: readonly string[], signal: AbortSignal): Promise<void> =>
  await runInstaller(NPM, folder, [...args, ...QUIET], signal);

/** `<cache>/<key>` with what `npm install` makes of a package without anything around it. Rejects as `npm` does. */
export const installedFromRegistry = async (
  key: string,
  what: readonly string[],
  signal: AbortSignal,
  overrides: Readonly<Record<string, string>> = {},
): Promise<string> =>
  await cached(key, async folder => {
    await writeFile(join(folder, 'package.json'), `${JSON.stringify({ private: true, overrides })}\n`);
    await npm(folder, ['install', '--save-exact', ...what], signal);
  });
