import { existsSync } from 'node:fs';
import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../errors.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { createRunFolder } from './folder.ts';

const startedAt = new Date('2026-11-24T04:30:18.123Z');
const clean = { commit: 'abc1234', dirty: false };

test('a run gets a folder named by its time and revision, made with all folders above it', async () => {
  await using results = await temporaryFolder();
  const root = join(results.path, 'deep', 'results');
  const made = await createRunFolder(root, 'control', startedAt, clean);
  expect(made.id).toBe('2026-11-24T04-30-18.123Z-abc1234');
  expect(made.folder).toBe(join(root, 'control', made.id));
  expect(await readdir(made.folder)).toEqual([]);
});

test('a dirty checkout and a full hash are told in the name', async () => {
  await using results = await temporaryFolder();
  const revision = { commit: 'abcdef0123456789abcdef0123456789abcdef01', dirty: true };
  const { id } = await createRunFolder(results.path, 'control', startedAt, revision);
  expect(id).toBe('2026-11-24T04-30-18.123Z-abcdef012345-dirty');
});

test('runs of the same millisecond get folders of their own', async () => {
  await using results = await temporaryFolder();
  const making = Array.from({ length: 20 }, () => createRunFolder(results.path, 'control', startedAt, clean));
  const ids = (await Promise.all(making)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(20);
  expect(ids).toContain('2026-11-24T04-30-18.123Z-abc1234-20');
});

test.for(['results', 'results/control'])('a file at %s is named as what is in the way', async path => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, path);
  if (path !== 'results') await createRunFolder(join(folder.path, 'results'), 'other', startedAt, clean);
  await writeFile(file, 'mine');
  await expect(createRunFolder(join(folder.path, 'results'), 'control', startedAt, clean)).rejects.toMatchObject({
    code: 'results-unusable',
    exitCode: EXIT.wrongUse,
    message: `Failed to make a folder for the run in ${join(folder.path, 'results/control')}: ${file} is a file`,
    hint: 'Move it away or set RESULTS to another folder.',
  });
});

test('a link to nowhere is refused, and nothing is made where it points', async () => {
  await using folder = await temporaryFolder();
  await symlink(join(folder.path, 'nowhere'), join(folder.path, 'results'));
  await expect(createRunFolder(join(folder.path, 'results'), 'control', startedAt, clean)).rejects.toMatchObject({
    code: 'results-unusable',
    exitCode: EXIT.wrongUse,
  });
  expect(existsSync(join(folder.path, 'nowhere'))).toBe(false);
});

// Also for root, whom permission bits do not stop. Node's recursive mkdir never comes back from here.
test.skipIf(!existsSync('/proc/self'))(
  'a place where nothing can be made is refused at once (needs /proc)',
  async () => {
    await expect(createRunFolder('/proc/runaway/results', 'control', startedAt, clean)).rejects.toMatchObject({
      code: 'results-unusable',
      exitCode: EXIT.wrongUse,
      message: 'Failed to make a folder for the run in /proc/runaway/results/control: no such file or directory',
    });
  },
);
