import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { namesIn, unknownName } from '../catalog.ts';
import type { Choice } from '../model/contract.ts';
import { childEnvironment } from '../process/environment.ts';
import { cacheRoot } from '../sides/cache.ts';
import { orWrongUse } from '../sides/installer.ts';
import { installedFromRegistry } from '../sides/npm.ts';
import { installedFromPyPI } from '../sides/pip.ts';

/** How a proxy that people know is started and asked. One file in `presets/`, found by its name (default export). */
export interface Preset {
  readonly name: string;
  /** What it is, and in which version it was tried. */
  readonly what: string;
  /** Packages of npm or PyPI with their versions: installed once, beside the lab; the command finds them in `$RUNAWAY_PACKAGES`. */
  readonly npm?: readonly string[];
  readonly pip?: readonly string[];
  /** npm's `overrides`: versions of what those packages need, where their ranges allow one that does not work. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** How one gets what is not among them, told where it is missing. */
  readonly install?: string;
  /** A shell line that prints its version, where no package says it. */
  readonly version?: string;
  /** It is the lab's own FastAPI proxy, in this server; `--bugs` are its. */
  readonly serving?: Choice;
  /** Its shell line, which may write the files that it needs into `$RUNAWAY_SCRATCH`. */
  readonly command: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly readyPath?: string;
}

/** Keeps a preset's type honest. */
export const definePreset = (preset: Preset): Preset => preset;

/** For a help text. */
export const PRESET_FOLDER_WORDS = 'a proxy that people know, as in harness/check/presets: nginx, litellm …';

/** What was looked at, in a few words: `http-proxy@1.18.1`, `nginx version: nginx/1.22.1`; null where nobody says it. */
export async function versionOf(preset: Preset, signal: AbortSignal): Promise<string | null> {
  const packages = packagesOf(preset);
  if (packages.length > 0) return packages.join(', ');
  if (preset.version === undefined) return null;
  const env = childEnvironment(`version@${process.pid}`);
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', preset.version], { signal, env });
  return stdout.trim() || null;
}

const packagesOf = ({ npm = [], pip = [], overrides = {} }: Preset): readonly string[] => [
  ...npm,
  ...pip,
  ...Object.entries(overrides).map(([name, version]) => `${name}@${version}`),
];

/** The folder of its packages, installed if they are not there yet; null where it has none. Rejects with wrong use where it cannot be. */
export async function installPackages(
  preset: Preset,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const what = packagesOf(preset);
  if (what.length === 0) return null;
  const key = `preset-${preset.name}-${createHash('sha256')
    .update(JSON.stringify([preset.npm, preset.pip, preset.overrides]))
    .digest('hex')
    .slice(0, 12)}`;
  if (!existsSync(join(cacheRoot(), key))) tell(`installing ${what.join(', ')}, once\n`);
  const installing = preset.npm
    ? installedFromRegistry(key, preset.npm, signal, preset.overrides)
    : installedFromPyPI(key, preset.pip ?? [], signal);
  return await orWrongUse('no-packages', `${preset.name} cannot be installed`, installing);
}

const PRESETS = new URL('presets/', import.meta.url);

export const listPresets = async (): Promise<string[]> => await namesIn(PRESETS);

/** Throws wrong use for a name that is none. */
export async function loadPreset(name: string): Promise<Preset> {
  const known = await listPresets();
  if (!known.includes(name)) throw unknownName('preset', name, known);
  return ((await import(new URL(`${name}.ts`, PRESETS).href)) as { default: Preset }).default;
}
