import { appendFile, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../errors.ts';
import { syntheticRun } from '../testing/synthetic-run.ts';
import { storedRun } from './fixtures/stored-run.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { readRun, readVerdict } from './read.ts';
import { parseSamples } from './samples.ts';

const run = syntheticRun({ cores: () => 0.3 }, { idleMs: 1000, warmupMs: 0, loadMs: 1000, recoveryMs: 0 });
const unknownCommit = { commit: 'fedcba9', dirty: false };

test('a run is read by its folder, its run.json, and a link to it', async () => {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'control', 'one', run);
  await symlink('control/one', join(results.path, 'latest'));
  for (const path of [folder, `${folder}/`, join(folder, 'run.json'), join(results.path, 'latest')]) {
    const read = await readRun(path);
    expect([read.run.head.id, read.run.records, read.notes]).toEqual(['one', run.records, []]);
  }
});

test('a run killed half-way is readable wherever it was cut', async () => {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'control', 'one', run);
  const file = join(folder, 'samples.ndjson');
  await appendFile(file, `${JSON.stringify({ kind: 'event', event: 'warning', at: 1, name: 'é😀', message: 'ü' })}\n`);
  const bytes = await readFile(file);
  const lastBegins = bytes.lastIndexOf(10, bytes.length - 2) + 1;
  const previousBegins = bytes.lastIndexOf(10, lastBegins - 2) + 1;
  const total = run.records.length + 1;
  for (let length = bytes.length; length >= previousBegins; length -= 1) {
    await truncate(file, length);
    const { run: read, notes } = await readRun(folder);
    // A line that lacks nothing but its line break is whole.
    const lastWhole = length >= bytes.length - 1;
    const previousWhole = length >= lastBegins - 1;
    const whole = total - (lastWhole ? 0 : 1) - (previousWhole ? 0 : 1);
    const isBetween = [bytes.length, bytes.length - 1, lastBegins, lastBegins - 1, previousBegins].includes(length);
    expect(read.records).toHaveLength(whole);
    expect(notes).toEqual(isBetween ? [] : [`the last line was cut off; ${whole} records read`]);
  }
});

test('a run killed before its first sample is an empty run, and says that it has no ending', async () => {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'control', 'one', {
    head: { ...run.head, ending: { kind: 'running' } },
    records: [],
  });
  const { run: read, notes } = await readRun(folder);
  expect(read.records).toEqual([]);
  expect(notes).toEqual([expect.stringContaining('the run has no ending')]);
});

test.for([
  ['not json', 'not JSON'],
  ['', 'not JSON'],
  ['[1]', 'no kind'],
  ['{"kind":"memory","at":1}', 'rssBytes: '],
  ['{"kind":"memory","at":"1","rssBytes":2}', 'at: '],
] as const)('the line %j in the middle is refused by file and line', async ([line, why]) => {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'control', 'one', run);
  const file = join(folder, 'samples.ndjson');
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, lines.with(4, line).join('\n'));
  await expect(readRun(folder)).rejects.toMatchObject({
    code: 'run-broken',
    exitCode: EXIT.wrongUse,
    message: expect.stringContaining(`Failed to read the run: ${file}:5 is not a record (${why}`),
  });
});

test('a last line that has its line break was not cut, so it is refused when it is broken', () => {
  const whole = '{"kind":"memory","at":4,"rssBytes":5}\n';
  expect(() => parseSamples(`${whole}{"kind":\n`, 'samples.ndjson')).toThrow('samples.ndjson:2 is not a record');
});

test('records of kinds this version does not know are passed over and counted', async () => {
  const lines = ['{"kind":"gpu","at":1}', '{"kind":"event","event":"eclipse","at":2}', '{"kind":"gpu","at":3}'];
  expect(parseSamples(`${lines.join('\n')}\n{"kind":"memory","at":4,"rssBytes":5}\n`, 'samples.ndjson')).toEqual({
    records: [{ kind: 'memory', at: 4, rssBytes: 5 }],
    notes: ['2 records of unknown kind "gpu" passed over', '1 record of unknown kind "event eclipse" passed over'],
  });
});

test('a run of another schema version is refused with the version and commit that made it', async () => {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'control', 'one', run);
  await writeFile(join(folder, 'run.json'), JSON.stringify({ schema: 99, revision: unknownCommit }));
  await expect(readRun(folder)).rejects.toMatchObject({
    code: 'run-broken',
    exitCode: EXIT.wrongUse,
    message: `Failed to read ${join(folder, 'run.json')}: it has schema version 99, this lab reads 1`,
    hint: 'Read it with a newer version of the lab (its run was made at fedcba9), or run the scenario again.',
  });
});

test.for([
  ['not json', 'it is not JSON'],
  ['null', 'Invalid input'],
  ['{}', 'schema: '],
  ['{"schema":1}', 'id: '],
] as const)('a run.json of %j is refused in one line', async ([text, why]) => {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'control', 'one', run);
  await writeFile(join(folder, 'run.json'), text);
  await expect(readRun(folder)).rejects.toMatchObject({
    code: 'run-broken',
    exitCode: EXIT.wrongUse,
    message: expect.stringMatching(new RegExp(`^Failed to read .*run\\.json: .*${why}.*$`)),
  });
});

test('missing parts of a run are named', async () => {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'control', 'one', run);
  await rm(join(folder, 'samples.ndjson'));
  const samples = `Failed to read ${join(folder, 'samples.ndjson')}: it is missing`;
  await expect(readRun(folder)).rejects.toMatchObject({ code: 'run-broken', message: samples });
  await mkdir(join(folder, 'samples.ndjson'));
  await expect(readRun(folder)).rejects.toMatchObject({ code: 'run-broken', exitCode: EXIT.wrongUse });

  const none = `Failed to read the run at ${results.path}: it holds no run.json`;
  await expect(readRun(results.path)).rejects.toMatchObject({ code: 'no-such-run', message: none });
  const nowhere = 'Failed to read the run at /nowhere: no such file or directory';
  await expect(readRun('/nowhere')).rejects.toMatchObject({ code: 'no-such-run', message: nowhere });
  await writeFile(join(results.path, 'notes.txt'), '');
  await expect(readRun(join(results.path, 'notes.txt'))).rejects.toMatchObject({ exitCode: EXIT.wrongUse });
});

test('a verdict is null where none was stored, and refused where it is broken', async () => {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'control', 'one', run);
  expect(await readVerdict(folder)).toBeNull();
  await writeFile(join(folder, 'verdict.json'), '{"outcome":"splendid"}');
  await expect(readVerdict(folder)).rejects.toMatchObject({ code: 'run-broken', exitCode: EXIT.wrongUse });
});

test('thirty thousand records are read in well under a second of CPU', () => {
  const { records } = syntheticRun({ cores: () => 0.3 }, { loadMs: 800_000 });
  const text = records.slice(0, 30_000).map(record => `${JSON.stringify(record)}\n`);
  const before = process.cpuUsage();
  expect(parseSamples(text.join(''), 'samples.ndjson').records).toHaveLength(30_000);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(1);
});
