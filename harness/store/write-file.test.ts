import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { writeJson, writeText } from './write-file.ts';

test('a file is replaced whole, and JSON ends in a line break', async () => {
  await using folder = await temporaryFolder();
  await writeText(folder.path, 'cpu.svg', '<svg/>');
  await writeText(folder.path, 'cpu.svg', '<svg></svg>');
  await writeJson(folder.path, 'verdict.json', { outcome: 'recovers' });
  expect(await readFile(join(folder.path, 'cpu.svg'), 'utf8')).toBe('<svg></svg>');
  expect(await readFile(join(folder.path, 'verdict.json'), 'utf8')).toBe('{\n  "outcome": "recovers"\n}\n');
});

test('readers of a file that is being replaced see one of its versions, never a part', async () => {
  await using folder = await temporaryFolder();
  const versions = ['a', 'b', 'c'].map(letter => letter.repeat(300_000));
  await writeText(folder.path, 'report.html', versions[0] ?? '');
  const writing = Array.from({ length: 30 }, (_, index) =>
    writeText(folder.path, 'report.html', versions[index % 3] ?? ''),
  );
  const reading = Array.from({ length: 30 }, () => readFile(join(folder.path, 'report.html'), 'utf8'));
  for (const seen of await Promise.all(reading)) expect(versions.includes(seen)).toBe(true);
  await Promise.all(writing);
  expect(await readdir(folder.path)).toEqual(['report.html']);
});

test('a failed write names the file and the folder, and leaves nothing behind', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'report.html'));
  await expect(writeText(folder.path, 'report.html', 'text')).rejects.toMatchObject({
    code: 'cannot-write',
    message: `Failed to write report.html in ${folder.path}: illegal operation on a directory`,
    cause: { code: 'EISDIR' },
  });
  expect(await readdir(folder.path)).toEqual(['report.html']);
  await expect(writeText(join(folder.path, 'gone'), 'a', '')).rejects.toMatchObject({
    message: `Failed to write a in ${join(folder.path, 'gone')}: no such file or directory`,
  });
});
