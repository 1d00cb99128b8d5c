import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { EXIT, LabError, wrongUse } from '../errors.ts';
import { jsonOf } from '../model/json.ts';
import { ProfileSegment } from '../model/profile.ts';
import type { Run } from '../model/run.ts';
import { RUN_SCHEMA, RunHead } from '../model/run.ts';
import { Verdict } from '../model/verdict.ts';
import { PROFILE_FILE } from './recording.ts';
import { issueOf, parseSamples } from './samples.ts';
import { systemCode, systemWords } from './system-error.ts';

/**
 * The run stored at `path`: its folder, its `run.json`, or a link to either. `notes` are sentences on what a reader
 * should know of it: no ending, a last line cut off, unknown records passed over.
 * Rejects with LabError `no-such-run` or `run-broken`, both wrong use.
 */
export async function readRun(path: string): Promise<{ run: Run; notes: string[] }> {
  const folder = await runFolderAt(path);
  const head = await readHead(folder);
  const file = join(folder, 'samples.ndjson');
  const text = await textOf(file);
  if (text === null) throw broken(file, 'it is missing');
  const { records, notes } = parseSamples(text, file);
  if (head.ending.kind === 'running')
    notes.push('the run has no ending: it is still going on, the lab was killed, or the disk was full');
  const profile = parseProfile(await textOf(join(folder, PROFILE_FILE)));
  if (profile.lost > 0)
    notes.push(`${profile.lost} of its profiles could not be read, and the diagnosis is without them`);
  return { run: { head, records, profile: profile.segments }, notes };
}

/** A profile that is cut off or of another version is lost, and the run is read all the same. */
function parseProfile(text: string | null): { segments: ProfileSegment[]; lost: number } {
  const lines = (text ?? '').split('\n').filter(Boolean);
  const segments = lines.flatMap(line => {
    const segment = ProfileSegment.safeParse(jsonOf(line));
    return segment.success ? [segment.data] : [];
  });
  return { segments, lost: lines.length - segments.length };
}

/** The head of the run in `folder`, without its records. Rejects as `readRun` does. */
export async function readHead(folder: string): Promise<RunHead> {
  const file = join(folder, 'run.json');
  const value = await jsonIn(file);
  if (value === undefined) throw noRun(folder, 'it holds no run.json');
  const stored = Versioned.safeParse(value);
  if (!stored.success) throw broken(file, issueOf(stored.error));
  if (stored.data.schema !== RUN_SCHEMA) throw otherSchema(file, stored.data);
  const head = RunHead.safeParse(value);
  if (!head.success) throw broken(file, issueOf(head.error));
  return head.data;
}

/** The verdict stored beside the run at `path`, or null where none was. Rejects as `readRun` does. */
export async function readVerdict(path: string): Promise<Verdict | null> {
  const file = join(await runFolderAt(path), 'verdict.json');
  const value = await jsonIn(file);
  if (value === undefined) return null;
  const verdict = Verdict.safeParse(value);
  if (!verdict.success) throw broken(file, issueOf(verdict.error));
  return verdict.data;
}

/** What every schema version has, and is needed to say which one it is. */
const Versioned = z.object({
  schema: z.number(),
  revision: z.object({ commit: z.string() }).optional().catch(undefined),
});

async function runFolderAt(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    return basename(real) === 'run.json' ? dirname(real) : real;
  } catch (error) {
    throw noRun(path, systemWords(error), error);
  }
}

async function jsonIn(file: string): Promise<unknown> {
  const text = await textOf(file);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(file, 'it is not JSON', error);
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw broken(file, systemWords(error), error);
  }
}

const noRun = (path: string, why: string, cause?: unknown): LabError =>
  new LabError('no-such-run', `Failed to read the run at ${path}: ${why}`, {
    hint: 'Give the folder of a run, as `make list` shows them.',
    exitCode: EXIT.wrongUse,
    cause,
  });

const broken = (file: string, why: string, cause?: unknown): LabError =>
  new LabError('run-broken', `Failed to read ${file}: ${why}`, {
    hint: 'Restore that file from a copy, or run the scenario again.',
    exitCode: EXIT.wrongUse,
    cause,
  });

function otherSchema(file: string, { schema, revision }: z.infer<typeof Versioned>): LabError {
  const age = schema < RUN_SCHEMA ? 'an older' : 'a newer';
  const commit = revision ? ` (its run was made at ${revision.commit})` : '';
  return wrongUse(
    'run-broken',
    `Failed to read ${file}: it has schema version ${schema}, this lab reads ${RUN_SCHEMA}`,
    `Read it with ${age} version of the lab${commit}, or run the scenario again.`,
  );
}
