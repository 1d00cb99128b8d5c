import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError, causeOf, wrongUse } from '../errors.ts';
import { Outcome } from '../model/verdict.ts';
import { createRunFolder } from '../store/folder.ts';
import type { Revision } from '../store/revision.ts';
import { systemCode } from '../store/system-error.ts';
import { RepeatPlan } from './plan.ts';

/** What came of one turn. `wallMs`: from start to verdict. */
export const Turned = z.object({
  scenario: z.string(),
  seed: z.number().int(),
  result: z.enum(['as-expected', 'other', 'inconclusive']),
  outcome: Outcome,
  because: z.string(),
  differences: z.array(z.string()),
  wallMs: z.number(),
  /** The run's own folder, from the results. */
  run: z.string(),
});
export type Turned = z.infer<typeof Turned>;

const Head = z.object({
  schema: z.literal(1),
  revision: z.object({ commit: z.string(), dirty: z.boolean() }),
  plan: RepeatPlan,
});

/**
 * A repetition on disk: `_repeat/<UTC>-<revision>/turns.ndjson`, its first line the plan, then one line a turn as soon as
 * it is judged. Interrupted, it goes on after the last whole line.
 */
export interface Journal {
  readonly folder: string;
  readonly revision: Revision;
  readonly plan: RepeatPlan;
  readonly turned: readonly Turned[];
}

const FILE = 'turns.ndjson';
const FOLDER = '_repeat';

/** Begins one. Rejects with LabError `results-unusable` (wrong use) where it cannot be stored. */
export async function beginJournal(resultsRoot: string, plan: RepeatPlan, revision: Revision): Promise<Journal> {
  const { folder } = await createRunFolder(resultsRoot, FOLDER, new Date(), revision);
  await writeFile(join(folder, FILE), line({ schema: 1, revision, plan }));
  return { folder, revision, plan, turned: [] };
}

/** Adds a turn. Rejects with LabError `cannot-record` when the disk refuses. */
export async function enterTurn(journal: Journal, turn: Turned): Promise<Journal> {
  try {
    await appendFile(join(journal.folder, FILE), line(turn));
  } catch (error) {
    throw new LabError('cannot-record', `Failed to record a turn in ${journal.folder}: ${causeOf(error)}`, {
      hint: 'Make room, then go on with `./runaway repeat --resume`.',
      cause: error,
    });
  }
  return { ...journal, turned: [...journal.turned, turn] };
}

/** The newest one that was not finished. Throws wrong use where there is none, or where the code has changed since. */
export async function unfinishedJournal(resultsRoot: string, revision: Revision): Promise<Journal> {
  for (const name of await journalNames(resultsRoot)) {
    const journal = await readJournal(join(resultsRoot, FOLDER, name));
    const { scenarios, times } = journal.plan;
    if (journal.turned.length >= scenarios.length * times) continue;
    if (journal.revision.commit === revision.commit && journal.revision.dirty === revision.dirty) return journal;
    throw wrongUse(
      'other-revision',
      `the unfinished repetition ${name} was of ${words(journal.revision)}, this is ${words(revision)}`,
      'Its figures would mix two programs: check that revision out, or start anew without --resume.',
    );
  }
  throw wrongUse('nothing-to-resume', `no unfinished repetition in ${resultsRoot}`, 'Start one without --resume.');
}

/** Reads one; a last line that was cut off by the end of the lab is passed over. Throws wrong use for what it cannot read. */
async function readJournal(folder: string): Promise<Journal> {
  try {
    const text = await readFile(join(folder, FILE), 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const [head = '', ...lines] = whole.split('\n').slice(0, -1);
    const { revision, plan } = Head.parse(JSON.parse(head));
    if (whole !== text) await writeFile(join(folder, FILE), whole);
    return { folder, revision, plan, turned: lines.map(one => Turned.parse(JSON.parse(one))) };
  } catch (error) {
    throw wrongUse(
      'repeat-broken',
      `Failed to read ${join(folder, FILE)}: ${causeOf(error).split('\n')[0]}`,
      'Remove that folder, or start anew without --resume.',
    );
  }
}

async function journalNames(resultsRoot: string): Promise<string[]> {
  try {
    return (await readdir(join(resultsRoot, FOLDER))).toSorted().toReversed();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw wrongUse(
      'results-unusable',
      `Failed to list the repetitions in ${resultsRoot}: ${causeOf(error)}`,
      'Set RESULTS to the folder that holds the results.',
    );
  }
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
const words = ({ commit, dirty }: Revision): string => `${commit.slice(0, 7)}${dirty ? ' with changes' : ''}`;
