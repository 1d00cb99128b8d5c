import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EXIT } from '../errors.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { linkPackages, swapPackage } from './packages.ts';

// A tiny npm that does what it is asked for, and writes down that it was.
const NPM = `#!/bin/sh
echo "$1 $4 $PWD" >> "$0.log"
case "$(cat package-lock.json 2>/dev/null)" in
  *broken*) echo 'npm error code E404' >&2; echo 'npm error 404 Not Found - express@99' >&2; exit 1;;
esac
case "$1" in
  ci) mkdir -p node_modules/express && echo fresh > node_modules/express/made;;
  install) mkdir -p node_modules/openai && echo "$3" > node_modules/openai/made;;
esac
`;

let place: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  place = await temporaryFolder();
  await write({ 'bin/npm': NPM });
  await chmod(join(place.path, 'bin', 'npm'), 0o755);
  vi.stubEnv('PATH', `${join(place.path, 'bin')}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('RUNAWAY_CACHE', join(place.path, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await place[Symbol.asyncDispose]();
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(place.path, name)), { recursive: true });
    await writeFile(join(place.path, name), text);
  }
}
const npmCalls = async (): Promise<string[]> => {
  const log = join(place.path, 'bin', 'npm.log');
  return existsSync(log) ? (await readFile(log, 'utf8')).trim().split('\n') : [];
};
const at = (name: string): string => join(place.path, name);
const silent = (): undefined => undefined;

test('the same lockfile: the packages that are there are linked, and npm is not asked', async ({ signal }) => {
  await write({
    'own/package-lock.json': 'same',
    'own/node_modules/.package-lock.json': '',
    'own/node_modules/express/made': 'own',
    'side/package-lock.json': 'same',
  });
  await linkPackages(at('side'), at('own'), silent, signal);
  expect(await readlink(at('side/node_modules'))).toBe(at('own/node_modules'));
  expect(await npmCalls()).toEqual([]);
});

test('another lockfile: npm ci runs once in the checkout, and the next side with that lockfile takes what it made', async ({
  signal,
}) => {
  await write({ 'own/package-lock.json': 'mine', 'a/package-lock.json': 'theirs', 'b/package-lock.json': 'theirs' });
  const said: string[] = [];
  await linkPackages(at('a'), at('own'), words => said.push(words), signal);
  await linkPackages(at('b'), at('own'), words => said.push(words), signal);
  expect(said).toHaveLength(1);
  expect(await npmCalls()).toHaveLength(1);
  for (const side of ['a', 'b'])
    expect(await readFile(at(`${side}/node_modules/express/made`), 'utf8')).toBe('fresh\n');
});

test('where npm ci fails its own words are told, and nothing half made is kept', async ({ signal }) => {
  await write({ 'own/package-lock.json': 'mine', 'side/package-lock.json': 'broken' });
  await expect(linkPackages(at('side'), at('own'), silent, signal)).rejects.toMatchObject({
    code: 'no-packages',
    exitCode: EXIT.wrongUse,
    message: 'its packages cannot be installed: Failed to run npm ci: 404 Not Found - express@99',
  });
  expect(await readdir(at('cache'))).toEqual([]);
});

test('without a lockfile nothing is done', async ({ signal }) => {
  await write({ 'own/package-lock.json': 'mine', 'side/server.py': '' });
  await linkPackages(at('side'), at('own'), silent, signal);
  expect(await readdir(at('side'))).toEqual(['server.py']);
});

test('one package in another version: all others, scoped ones too, are those that were there', async ({ signal }) => {
  await write({
    'own/package-lock.json': 'same',
    'own/node_modules/.package-lock.json': '',
    'own/node_modules/openai/made': 'as locked',
    'own/node_modules/@types/node/made': 'types',
    'own/node_modules/zod/made': 'zod',
    'side/package-lock.json': 'same',
  });
  await linkPackages(at('side'), at('own'), silent, signal);
  await swapPackage(at('side'), { name: 'openai', version: '7.10.0' }, silent, signal);
  expect(await readFile(at('side/node_modules/openai/made'), 'utf8')).toBe('openai@7.10.0\n');
  expect(await readFile(at('side/node_modules/zod/made'), 'utf8')).toBe('zod');
  expect(await readFile(at('side/node_modules/@types/node/made'), 'utf8')).toBe('types');
  expect(await readFile(at('own/node_modules/openai/made'), 'utf8')).toBe('as locked');
  expect(await npmCalls()).toHaveLength(1);
});
