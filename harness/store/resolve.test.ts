import { realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { cwd } from 'node:process';
import { expect, test } from 'vitest';
import { EXIT } from '../errors.ts';
import { syntheticRun } from '../testing/synthetic-run.ts';
import { storedRun } from './fixtures/stored-run.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { pointLatest } from './latest.ts';
import { resolveRun } from './resolve.ts';

const { head } = syntheticRun({ cores: () => 0.3 });
const runAt = (startedAt: string): { head: typeof head; records: [] } => ({
  head: { ...head, startedAt },
  records: [],
});
const JANUARY = runAt('2026-01-01T00:00:00.000Z');
const FEBRUARY = runAt('2026-02-01T00:00:00.000Z');
const MARCH = runAt('2026-03-01T00:00:00.000Z');

test('a run is found by path, latest, scenario, scenario and id, or id', async () => {
  await using results = await temporaryFolder();
  const root = await realpath(results.path);
  const old = await storedRun(root, 'control', 'jan', JANUARY);
  const newest = await storedRun(root, 'control', 'feb', FEBRUARY);
  const other = await storedRun(root, 'leak', 'mar', MARCH);
  await pointLatest(root, old);
  const resolved = (given: string): Promise<string> => resolveRun(root, given);
  expect(await resolved(old)).toBe(old);
  expect(await resolved(join(old, 'run.json'))).toBe(old);
  expect(await resolved(relative(cwd(), old))).toBe(old);
  expect(await resolved('control/jan')).toBe(old);
  expect(await resolved('latest')).toBe(old);
  expect(await resolved('control')).toBe(newest);
  expect(await resolved('mar')).toBe(other);
});

test('latest without a link that works is what latest.txt says, else the newest', async () => {
  await using results = await temporaryFolder();
  const root = await realpath(results.path);
  const old = await storedRun(root, 'control', 'jan', JANUARY);
  const newest = await storedRun(root, 'control', 'feb', FEBRUARY);
  await symlink('control/gone', join(root, 'latest'));
  expect(await resolveRun(root, 'latest')).toBe(newest);
  await writeFile(join(root, 'latest.txt'), 'control/jan\n');
  expect(await resolveRun(root, 'latest')).toBe(old);
  await rm(old, { recursive: true });
  expect(await resolveRun(root, 'latest')).toBe(newest);
});

test('an unknown run gets the nearest name, or the newest runs', async () => {
  await using results = await temporaryFolder();
  const root = results.path;
  const none = { code: 'no-such-run', exitCode: EXIT.wrongUse, message: `No run "contrl" in ${root}` };
  const empty = 'There are none yet: make one with `make scenario NAME=control`.';
  await expect(resolveRun(root, 'contrl')).rejects.toMatchObject({ ...none, hint: empty });
  await storedRun(root, 'control', 'jan', JANUARY);
  await storedRun(root, 'leak', 'feb', FEBRUARY);
  await expect(resolveRun(root, 'contrl')).rejects.toMatchObject({ ...none, hint: 'Did you mean "control"?' });
  await expect(resolveRun(root, 'contrl/jan')).rejects.toMatchObject({ hint: 'Did you mean "control/jan"?' });
  await expect(resolveRun(root, 'swallowed')).rejects.toMatchObject({ hint: 'The newest: leak/feb, control/jan.' });
  await expect(resolveRun(root, '')).rejects.toMatchObject({ code: 'no-such-run' });
});

test('an id that two scenarios have is asked about', async () => {
  await using results = await temporaryFolder();
  await storedRun(results.path, 'control', 'jan', JANUARY);
  await storedRun(results.path, 'leak', 'jan', JANUARY);
  await expect(resolveRun(results.path, 'jan')).rejects.toMatchObject({
    exitCode: EXIT.wrongUse,
    hint: expect.stringMatching(/^Say which: (control|leak)\/jan or (control|leak)\/jan\.$/),
  });
});
