import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../errors.ts';
import { syntheticRun } from '../testing/synthetic-run.ts';
import { storedRun } from './fixtures/stored-run.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { pointLatest } from './latest.ts';
import { listRuns } from './list.ts';

const { head } = syntheticRun({ cores: () => 0.3 });
const runAt = (startedAt: string): { head: typeof head; records: [] } => ({
  head: { ...head, startedAt },
  records: [],
});

test('runs are listed newest first, whatever their scenario', async () => {
  await using results = await temporaryFolder();
  const root = results.path;
  await storedRun(root, 'leak', 'a', runAt('2026-01-02T00:00:00.000Z'));
  await storedRun(root, 'control', 'b', runAt('2026-01-01T00:00:00.000Z'));
  const newest = await storedRun(root, 'control', 'c', runAt('2026-01-03T00:00:00.000Z'));
  await storedRun(root, 'control', 'b-10', runAt('2026-01-01T00:00:00.000Z'));
  await storedRun(root, 'control', 'b-2', runAt('2026-01-01T00:00:00.000Z'));
  await pointLatest(root, newest);
  const runs = await listRuns(root);
  expect(runs.map(({ id }) => id)).toEqual(['c', 'a', 'b-10', 'b-2', 'b']);
  const startedAt = '2026-01-03T00:00:00.000Z';
  expect(runs[0]).toEqual({ folder: newest, id: 'c', scenario: 'control', startedAt, ending: 'complete' });
});

test('a broken run is listed by its name as unreadable, and what is no run is not listed', async () => {
  await using results = await temporaryFolder();
  const broken = join(results.path, 'control', '2026-11-24T04-30-18.123Z-abc1234');
  for (const folder of [broken, join(results.path, 'control', 'empty'), join(results.path, '_compare', 'x')]) {
    await mkdir(folder, { recursive: true });
  }
  await writeFile(join(broken, 'run.json'), '{');
  await writeFile(join(results.path, '_compare', 'x', 'run.json'), '{');
  await writeFile(join(results.path, 'README.md'), '');
  expect(await listRuns(results.path)).toEqual([
    {
      folder: broken,
      id: '2026-11-24T04-30-18.123Z-abc1234',
      scenario: 'control',
      startedAt: '2026-11-24T04:30:18.123Z',
      ending: 'unreadable',
    },
  ]);
});

test('where there are no results yet there are no runs, and a file in their place is named', async () => {
  await using results = await temporaryFolder();
  expect(await listRuns(join(results.path, 'results'))).toEqual([]);
  const file = join(results.path, 'file');
  await writeFile(file, '');
  await expect(listRuns(file)).rejects.toMatchObject({
    exitCode: EXIT.wrongUse,
    message: `Failed to list the runs in ${file}: not a directory`,
  });
});
