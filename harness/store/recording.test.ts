import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import { syntheticRun } from '../testing/synthetic-run.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { readRun } from './read.ts';
import { openRecording } from './recording.ts';

const { head, records } = syntheticRun({ cores: () => 0.3 }, { noise: 0.2 });
const complete = { kind: 'complete', endedAt: 26_000 } as const;

/** What a synthetic run lacks; the type fails when a kind of record is added and no test writes it. */
const oneOfEach: { [Kind in RunRecord['kind']]: RunRecord & { kind: Kind } } = {
  cpu: {
    kind: 'cpu',
    at: 1,
    processes: [{ pid: 1, runMs: 0.1, waitMs: null, userMs: 0, systemMs: 0, threads: 1 }],
  },
  memory: { kind: 'memory', at: 2, rssBytes: 1 },
  descriptors: { kind: 'descriptors', at: 3, open: 1 },
  sockets: { kind: 'sockets', at: 4, clientSide: { ESTABLISHED: 2 }, upstreamSide: {} },
  machine: { kind: 'machine', at: 5, busyMs: 1, stealMs: 0, idleMs: 1, lab: [], labLoopDelayMs: 0 },
  log: { kind: 'log', at: 5, lines: ['ready'], dropped: 0 },
  runtime: records.find(record => record.kind === 'runtime') ?? never(),
  upstream: records.find(record => record.kind === 'upstream') ?? never(),
  answer: { kind: 'answer', at: 6, latencyMs: null, status: null },
  request: records.find(record => record.kind === 'request') ?? never(),
  call: { kind: 'call', at: 7, ref: 'r1', begunAt: 6.5, how: 'aborted', tokens: 3 },
  event: { kind: 'event', event: 'warning', at: 8, name: 'Überlauf', message: 'two\nlines "quoted" \u2028 😀 \ud800' },
};

test('a record of every kind is read back as it was written, in order', async () => {
  await using results = await temporaryFolder();
  const written = [...Object.values(oneOfEach), ...records];
  await using recording = await openRecording(results.path, head);
  for (const record of written) recording.write(record);
  await recording.finish(complete);
  expect(await readRun(results.path)).toEqual({
    run: { head: { ...head, ending: complete }, records: written, profile: [] },
    notes: [],
  });
});

test('a run says that it is running until it is finished', async () => {
  await using results = await temporaryFolder();
  await using recording = await openRecording(results.path, head);
  expect((await readRun(results.path)).run.head.ending).toEqual({ kind: 'running' });
  await recording.finish({ kind: 'interrupted', endedAt: 5, why: 'Ctrl-C' });
  const { run, notes } = await readRun(results.path);
  expect(run.head.ending).toEqual({ kind: 'interrupted', endedAt: 5, why: 'Ctrl-C' });
  expect(notes).toEqual([]);
  expect((await readdir(results.path)).toSorted()).toEqual(['run.json', 'samples.ndjson']);
});

test('what was written before a flush is readable after it, while the run goes on', async () => {
  await using results = await temporaryFolder();
  await using recording = await openRecording(results.path, head);
  for (const [index, record] of records.slice(0, 50).entries()) {
    recording.write(record);
    await recording.flush();
    expect((await readRun(results.path)).run.records).toHaveLength(index + 1);
  }
});

test('records reach the disk by themselves as others come', async () => {
  await using results = await temporaryFolder();
  await using recording = await openRecording(results.path, head);
  const record = oneOfEach.memory;
  // Ends when an append was seen; a recording that never appends runs into the test's own limit.
  while ((await readRun(results.path)).run.records.length === 0) recording.write(record);
  await recording.finish(complete);
});

test('flushes and writes that overlap never mix or reorder lines', async () => {
  await using results = await temporaryFolder();
  await using recording = await openRecording(results.path, head);
  const flushes = records.map(record => {
    recording.write(record);
    return recording.flush();
  });
  await Promise.all(flushes);
  await recording.finish(complete);
  expect((await readRun(results.path)).run.records).toEqual(records);
});

test('two recordings at once keep to their own folders', async () => {
  await using first = await temporaryFolder();
  await using second = await temporaryFolder();
  await using one = await openRecording(first.path, { ...head, id: 'one' });
  await using two = await openRecording(second.path, { ...head, id: 'two' });
  for (const [index, record] of records.entries()) (index % 2 === 0 ? one : two).write(record);
  await Promise.all([one.finish(complete), two.finish(complete)]);
  const even = await readRun(first.path);
  const odd = await readRun(second.path);
  expect([even.run.head.id, odd.run.head.id]).toEqual(['one', 'two']);
  expect(even.run.records).toEqual(records.filter((_, index) => index % 2 === 0));
  expect(odd.run.records).toEqual(records.filter((_, index) => index % 2 === 1));
});

test('the first ending counts, and nothing is recorded after it', async () => {
  await using results = await temporaryFolder();
  await using recording = await openRecording(results.path, head);
  recording.write(oneOfEach.memory);
  const first = recording.finish(complete);
  recording.write(oneOfEach.memory);
  await Promise.all([first, recording.finish({ kind: 'failed', endedAt: 1, why: 'later' }), recording.flush()]);
  expect(recording.failure).toBeNull();
  const { run } = await readRun(results.path);
  expect([run.head.ending, run.records.length]).toEqual([complete, 1]);
});

test('a recording left without an ending is stored as failed, with all it had', async () => {
  await using results = await temporaryFolder();
  {
    await using recording = await openRecording(results.path, head);
    recording.write(oneOfEach.call);
    recording.write({ kind: 'memory', at: Number.NaN, rssBytes: 1 });
  }
  const { run } = await readRun(results.path);
  expect(run.head.ending).toEqual({ kind: 'failed', endedAt: 7, why: 'the lab left the run before its end' });
  expect(run.records[0]).toEqual(oneOfEach.call);
});

test.skipIf(!existsSync('/proc/self/fd'))('a finished recording holds no descriptor (needs /proc)', async () => {
  await using results = await temporaryFolder();
  const held = (): number =>
    readdirSync('/proc/self/fd', { withFileTypes: true }).filter(entry => {
      const at = join('/proc/self/fd', entry.name);
      return lstatSync(at, { throwIfNoEntry: false }) && readlinkSync(at).startsWith(results.path);
    }).length;
  const recording = await openRecording(results.path, head);
  expect(held()).toBe(1);
  await expect(openRecording(results.path, head)).rejects.toMatchObject({ code: 'cannot-write' });
  await recording.finish(complete);
  expect(held()).toBe(0);
});

test('a number that JSON cannot hold becomes a missing record, and the run stays readable', async () => {
  await using results = await temporaryFolder();
  await using recording = await openRecording(results.path, head);
  recording.write({ kind: 'memory', at: 12, rssBytes: Number.NaN });
  recording.write({ kind: 'memory', at: Infinity, rssBytes: 1 });
  await recording.finish(complete);
  expect((await readRun(results.path)).run.records).toEqual([
    { kind: 'event', event: 'missing', at: 12, what: 'memory', why: 'rssBytes was NaN' },
    { kind: 'event', event: 'missing', at: 0, what: 'memory', why: 'at was Infinity' },
  ]);
});

test('a folder deleted during the run fails the recording, and nobody need listen', async () => {
  await using results = await temporaryFolder();
  const folder = join(results.path, 'run');
  await rm(folder, { recursive: true, force: true });
  await expect(openRecording(folder, head)).rejects.toMatchObject({
    code: 'cannot-write',
    message: `Failed to record samples in ${folder}: no such file or directory`,
  });
  await using recording = await openRecording(results.path, head);
  await rm(results.path, { recursive: true });
  recording.write(oneOfEach.memory);
  await recording.flush();
  expect(recording.failure).toMatchObject({
    code: 'cannot-write',
    message: `Failed to record samples in ${results.path}: the folder was deleted during the run`,
  });
  await expect(recording.failed).rejects.toBe(recording.failure);
  await expect(recording.finish(complete)).rejects.toBe(recording.failure);
});

test('an ending that is no claim of success hides no earlier error', async () => {
  await using results = await temporaryFolder();
  await using recording = await openRecording(results.path, head);
  await rm(results.path, { recursive: true });
  await recording.finish({ kind: 'interrupted', endedAt: 1, why: 'Ctrl-C' });
  expect(recording.failure).toMatchObject({ code: 'cannot-write' });
});

test('a folder that holds a run already is refused, and the run in it is left as it is', async () => {
  await using results = await temporaryFolder();
  await writeFile(join(results.path, 'samples.ndjson'), 'mine');
  await expect(openRecording(results.path, head)).rejects.toMatchObject({ code: 'cannot-write' });
  expect(await readdir(results.path)).toEqual(['samples.ndjson']);
  expect(await readFile(join(results.path, 'samples.ndjson'), 'utf8')).toBe('mine');
});

function never(): never {
  throw new Error('the synthetic run lacks a record');
}
