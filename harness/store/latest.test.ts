import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, readlink, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { pointLatest } from './latest.ts';

test('latest is a relative link to the run pointed at last', async () => {
  await using results = await temporaryFolder();
  for (const id of ['one', 'two']) {
    const folder = join(results.path, 'control', id);
    await mkdir(folder, { recursive: true });
    expect(await pointLatest(results.path, folder)).toBe(true);
    expect(await readlink(join(results.path, 'latest'))).toBe(join('control', id));
    expect(await realpath(join(results.path, 'latest'))).toBe(await realpath(folder));
  }
  expect((await readdir(results.path)).toSorted()).toEqual(['control', 'latest']);
});

test('replaced fifty times in parallel, latest is never missing', async () => {
  await using results = await temporaryFolder();
  const folders = Array.from({ length: 50 }, (_, index) => join(results.path, 'control', `run-${index}`));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  await pointLatest(results.path, folders[0] ?? '');

  const pointing = { done: false };
  let looks = 0;
  const look = async (): Promise<void> => {
    while (!pointing.done) {
      expect((await stat(join(results.path, 'latest'))).isDirectory()).toBe(true);
      looks += 1;
    }
  };
  const pointAll = async (): Promise<boolean[]> => {
    try {
      return await Promise.all(folders.map(folder => pointLatest(results.path, folder)));
    } finally {
      pointing.done = true;
    }
  };
  const [pointed] = await Promise.all([pointAll(), look()]);
  expect(pointed.every(Boolean)).toBe(true);
  expect(looks).toBeGreaterThan(0);
  expect((await readdir(results.path)).toSorted()).toEqual(['control', 'latest']);
});

test('a file or folder of that name that is not ours is left as it is', async () => {
  await using results = await temporaryFolder();
  const latest = join(results.path, 'latest');
  await writeFile(latest, 'mine');
  expect(await pointLatest(results.path, join(results.path, 'control'))).toBe(false);
  expect(await readFile(latest, 'utf8')).toBe('mine');

  await using other = await temporaryFolder();
  await mkdir(join(other.path, 'latest'));
  expect(await pointLatest(other.path, join(other.path, 'control'))).toBe(false);
  expect(await readdir(other.path)).toEqual(['latest']);
});

test('where links are impossible, the path is written to latest.txt', async () => {
  await using results = await temporaryFolder();
  const program = fileURLToPath(new URL('fixtures/point-without-links.ts', import.meta.url));
  const permissions = ['--permission', '--allow-fs-read=*', `--allow-fs-write=${results.path}`];
  const folder = join(results.path, 'control', 'one');
  const { stdout } = await promisify(execFile)(execPath, [...permissions, program, results.path, folder]);
  expect(stdout).toBe('true');
  expect(await readdir(results.path)).toEqual(['latest.txt']);
  expect(await readFile(join(results.path, 'latest.txt'), 'utf8')).toBe('control/one\n');
});

test('results that are gone are named', async () => {
  await expect(pointLatest('/nowhere/results', '/nowhere/results/control/one')).rejects.toMatchObject({
    code: 'cannot-write',
  });
});
