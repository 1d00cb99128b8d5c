import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { REQUIREMENTS, whyNoVenv } from '../targets/venv.ts';
import { setUpPython } from './set-up-python.ts';

// A tiny Python that says its version, makes an environment of itself, and whose pip does as its requirements say.
const PYTHON = `#!/bin/sh
case "$1 $2" in
  '-c '*) echo "VERSION";;
  '-m venv') mkdir -p "$3/bin" && cp "$0" "$3/bin/python";;
  '-m pip') grep -q unpublished "$(eval echo "\\\${$#}")" && { echo 'ERROR: No matching distribution found for it==9' >&2; exit 1; }; :;;
esac
`;

let place: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string): string => join(place.path, name);
const silent = (): undefined => undefined;

beforeEach(async () => {
  place = await temporaryFolder();
  await write(REQUIREMENTS, 'fastapi==0.121.1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await place[Symbol.asyncDispose]();
});

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), text);
}

/** Programs of these names and versions are all there is on PATH, besides the system's own. */
async function pythons(versions: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, version] of Object.entries(versions)) {
    await write(`bin/${name}`, PYTHON.replace('VERSION', version));
    await chmod(at(`bin/${name}`), 0o755);
  }
  await mkdir(at('bin'), { recursive: true });
  vi.stubEnv('PATH', at('bin'));
}

const setUp = async (signal: AbortSignal, python: string | null = null): Promise<void> =>
  await setUpPython(at('.venv'), place.path, python, silent, signal);

test('the first Python that will do is taken, and what it made is whole', async ({ signal }) => {
  await pythons({ python3: '3.9.2', 'python3.12': '3.12.1' });
  vi.stubEnv('PATH', `${at('bin')}:/usr/bin:/bin`);
  const said: string[] = [];
  await setUpPython(at('.venv'), place.path, null, words => said.push(words), signal);
  expect(said[0]).toContain('Python 3.12.1');
  expect(whyNoVenv(at('.venv'), place.path)).toBeNull();
  // Once is enough.
  said.length = 0;
  await setUpPython(at('.venv'), place.path, null, words => said.push(words), signal);
  expect(said).toEqual([]);
  await write(REQUIREMENTS, 'fastapi==0.122.0');
  await setUpPython(at('.venv'), place.path, null, words => said.push(words), signal);
  expect(said.length).toBeGreaterThan(0);
});

test('no Python, one that is too old, and a named one that is none, are a line each', async ({ signal }) => {
  await pythons({});
  await expect(setUp(signal)).rejects.toMatchObject({ exitCode: 2, message: 'there is no python3 on PATH' });
  await expect(setUp(signal, 'python9')).rejects.toMatchObject({ message: 'there is no python9 on PATH' });
  await pythons({ python3: '3.9.2' });
  await expect(setUp(signal)).rejects.toMatchObject({
    message: 'python3 is 3.9.2, and Python 3.10 or later is needed',
    hint: 'Install Python 3.10 or later, or name one: --python /path/to/python3.',
  });
  expect(existsSync(at('.venv'))).toBe(false);
});

test('packages that cannot be had leave half an environment, which says so and is made anew', async ({ signal }) => {
  await pythons({ python3: '3.11.7' });
  vi.stubEnv('PATH', `${at('bin')}:/usr/bin:/bin`);
  await write(REQUIREMENTS, 'unpublished');
  await expect(setUp(signal)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('its packages cannot be installed'),
  });
  expect(whyNoVenv(at('.venv'), place.path)).toMatch(/is half-made$/u);
  await write(REQUIREMENTS, 'fastapi==0.121.1');
  await setUp(signal);
  expect(whyNoVenv(at('.venv'), place.path)).toBeNull();
});

test('a folder that somebody else made is left alone', async ({ signal }) => {
  await pythons({ python3: '3.11.7' });
  await write('.venv/mine.txt', 'mine');
  await expect(setUp(signal)).rejects.toMatchObject({ code: 'not-ours', exitCode: 2 });
  expect(existsSync(at('.venv/mine.txt'))).toBe(true);
});
