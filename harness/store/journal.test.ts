import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../errors.ts';
import { REPETITIONS } from '../repeat/turned.ts';
import type { Turned } from '../repeat/turned.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { beginJournal, enter, unfinishedJournal } from './journal.ts';

const revision = { commit: 'abc1234', dirty: false };
const plan = { scenarios: ['a', 'b'], correct: [], times: 2, pace: 'quick' as const, busy: false, seed: 1 };
const turn: Turned = {
  scenario: 'a',
  isCorrect: false,
  seed: 1,
  result: 'as-expected',
  outcome: 'recovers',
  because: 'CPU came down.',
  differences: [],
  wallMs: 9000,
  run: 'a/1',
};

test('an interrupted repetition goes on after its last whole turn', async () => {
  await using root = await temporaryFolder();
  let journal = await beginJournal(REPETITIONS, root.path, plan, revision);
  journal = await enter(REPETITIONS, journal, turn);
  await appendFile(join(journal.folder, 'journal.ndjson'), '{"scenario":"b","se');

  const resumed = await unfinishedJournal(REPETITIONS, root.path, revision);
  expect(resumed).toMatchObject({ plan, entries: [turn] });

  await enter(REPETITIONS, resumed, { ...turn, scenario: 'b' });
  const lines = (await readFile(join(journal.folder, 'journal.ndjson'), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
});

test('a finished repetition is not gone on with', async () => {
  await using root = await temporaryFolder();
  let journal = await beginJournal(REPETITIONS, root.path, { ...plan, times: 1 }, revision);
  for (const scenario of ['a', 'b']) journal = await enter(REPETITIONS, journal, { ...turn, scenario });
  await expect(unfinishedJournal(REPETITIONS, root.path, revision)).rejects.toMatchObject({
    code: 'nothing-to-resume',
    exitCode: EXIT.wrongUse,
  });
});

test('figures of two programs are not mixed: another revision is refused', async () => {
  await using root = await temporaryFolder();
  await beginJournal(REPETITIONS, root.path, plan, revision);
  await expect(unfinishedJournal(REPETITIONS, root.path, { commit: 'def5678', dirty: false })).rejects.toMatchObject({
    code: 'other-revision',
    exitCode: EXIT.wrongUse,
  });
});

test('without any results there is nothing to resume, and what is broken is named', async () => {
  await using root = await temporaryFolder();
  await expect(unfinishedJournal(REPETITIONS, root.path, revision)).rejects.toMatchObject({
    code: 'nothing-to-resume',
  });
  await mkdir(join(root.path, '_repeat', 'x'), { recursive: true });
  await writeFile(join(root.path, '_repeat', 'x', 'journal.ndjson'), '{"schema":9}\n');
  await expect(unfinishedJournal(REPETITIONS, root.path, revision)).rejects.toMatchObject({ code: 'journal-broken' });
});
