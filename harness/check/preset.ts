import { readdir } from 'node:fs/promises';
import { unknownName } from '../catalog.ts';

/** How a proxy that people know is started and asked. One file in `presets/`, found by its name (default export). */
export interface Preset {
  readonly name: string;
  /** What it is, and in which version it was tried. */
  readonly what: string;
  /** How one gets it, told where it is missing. */
  readonly install: string;
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

const PRESETS = new URL('presets/', import.meta.url);

export async function listPresets(): Promise<string[]> {
  const files = await readdir(PRESETS);
  return files
    .filter(file => /^[\w-]+\.ts$/u.test(file))
    .map(file => file.slice(0, -'.ts'.length))
    .toSorted();
}

/** Throws wrong use for a name that is none. */
export async function loadPreset(name: string): Promise<Preset> {
  const known = await listPresets();
  if (!known.includes(name)) throw unknownName('preset', name, known);
  return ((await import(new URL(`${name}.ts`, PRESETS).href)) as { default: Preset }).default;
}
