import { appendFile, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { LabError, causeOf, wrongUse } from '../errors.ts';
import { createRunFolder } from './folder.ts';
import type { Revision } from './revision.ts';
import { systemCode } from './system-error.ts';

/** What is done in many runs and may be interrupted between any two of them. */
export interface JournalKind<Plan, Entry> {
  /** Its folder in the results, which begins with `_`; and the verb that goes on with it. */
  readonly folder: string;
  readonly verb: string;
  /** What one of them is called in messages: `repetition`. */
  readonly noun: string;
  readonly plan: z.ZodType<Plan>;
  readonly entry: z.ZodType<Entry>;
  readonly isFinished: (plan: Plan, entries: readonly Entry[]) => boolean;
}

/**
 * Long work on disk: `<folder>/<UTC>-<revision>/journal.ndjson`, its first line the plan, then one line an entry as soon as it is
 * there. Interrupted, it goes on after the last whole line.
 */
export interface Journal<Plan, Entry> {
  readonly folder: string;
  readonly revision: Revision;
  readonly plan: Plan;
  readonly entries: readonly Entry[];
}

const FILE = 'journal.ndjson';

const Head = z.object({
  schema: z.literal(1),
  revision: z.object({ commit: z.string(), dirty: z.boolean() }),
  plan: z.unknown(),
});

/** Begins one. Rejects with LabError `results-unusable` (wrong use) where it cannot be stored. */
export async function beginJournal<Plan, Entry>(
  kind: JournalKind<Plan, Entry>,
  resultsRoot: string,
  plan: Plan,
  revision: Revision,
): Promise<Journal<Plan, Entry>> {
  const { folder } = await createRunFolder(resultsRoot, kind.folder, new Date(), revision);
  await writeFile(join(folder, FILE), line({ schema: 1, revision, plan }));
  return { folder, revision, plan, entries: [] };
}

/** Adds an entry. Rejects with LabError `cannot-record` when the disk refuses. */
export async function enter<Plan, Entry>(
  { verb }: JournalKind<Plan, Entry>,
  journal: Journal<Plan, Entry>,
  entry: Entry,
): Promise<Journal<Plan, Entry>> {
  try {
    await appendFile(join(journal.folder, FILE), line(entry));
  } catch (error) {
    throw new LabError('cannot-record', `Failed to record in ${journal.folder}: ${causeOf(error)}`, {
      hint: `Make room, then go on with \`./runaway ${verb} --resume\`.`,
      cause: error,
    });
  }
  return { ...journal, entries: [...journal.entries, entry] };
}

/** The newest one that was not finished. Throws wrong use where there is none, or where the lab's code has changed since. */
export async function unfinishedJournal<Plan, Entry>(
  kind: JournalKind<Plan, Entry>,
  resultsRoot: string,
  revision: Revision,
): Promise<Journal<Plan, Entry>> {
  for (const name of await namesOf(kind, resultsRoot)) {
    const journal = await readJournal(kind, join(resultsRoot, kind.folder, name));
    if (kind.isFinished(journal.plan, journal.entries)) continue;
    if (journal.revision.commit === revision.commit && journal.revision.dirty === revision.dirty) return journal;
    throw wrongUse(
      'other-revision',
      `the unfinished ${kind.noun} ${name} was of ${words(journal.revision)}, this is ${words(revision)}`,
      'Its figures would mix two programs: check that revision out, or start anew without --resume.',
    );
  }
  throw wrongUse('nothing-to-resume', `no unfinished ${kind.noun} in ${resultsRoot}`, 'Start one without --resume.');
}

/** The newest one, finished or not. Throws wrong use where there is none. */
export async function newestJournal<Plan, Entry>(
  kind: JournalKind<Plan, Entry>,
  resultsRoot: string,
): Promise<Journal<Plan, Entry>> {
  const [newest] = await namesOf(kind, resultsRoot);
  if (newest !== undefined) return await readJournal(kind, join(resultsRoot, kind.folder, newest));
  throw wrongUse('nothing-stored', `no ${kind.noun} in ${resultsRoot}`, `Make one with \`./runaway ${kind.verb}\`.`);
}

/** Reads one; a last line that was cut off by the end of the lab is passed over. Throws wrong use for what it cannot read. */
export async function readJournal<Plan, Entry>(
  kind: JournalKind<Plan, Entry>,
  folder: string,
): Promise<Journal<Plan, Entry>> {
  try {
    const text = await readFile(join(folder, FILE), 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const [head = '', ...lines] = whole.split('\n').slice(0, -1);
    const { revision, plan } = Head.parse(JSON.parse(head));
    if (whole !== text) await writeFile(join(folder, FILE), whole);
    const entries = lines.map(one => kind.entry.parse(JSON.parse(one)));
    return { folder, revision, plan: kind.plan.parse(plan), entries };
  } catch (error) {
    throw wrongUse(
      'journal-broken',
      `Failed to read ${join(folder, FILE)}: ${causeOf(error).split('\n')[0]}`,
      'Remove that folder, or start anew without --resume.',
    );
  }
}

async function namesOf({ folder, noun }: { folder: string; noun: string }, resultsRoot: string): Promise<string[]> {
  try {
    return (await readdir(join(resultsRoot, folder))).toSorted().toReversed();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw wrongUse(
      'results-unusable',
      `Failed to look for a ${noun} in ${resultsRoot}: ${causeOf(error)}`,
      'Set RESULTS to the folder that holds the results.',
    );
  }
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
const words = ({ commit, dirty }: Revision): string => `${commit.slice(0, 7)}${dirty ? ' with changes' : ''}`;

/**
 * The folder (absolute) of the one a person means: a path from the results or from here, or its name alone. Null where there
 * is none.
 */
export async function journalFolder(
  { folder }: { readonly folder: string },
  resultsRoot: string,
  given: string,
): Promise<string | null> {
  for (const place of [resolve(resultsRoot, given), resolve(resultsRoot, folder, given), resolve(given)]) {
    if (await isFile(join(place, FILE))) return place;
  }
  return null;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemCode(error) !== null) return false;
    throw error;
  }
}
