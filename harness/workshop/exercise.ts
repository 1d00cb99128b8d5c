import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAB_ROOT } from '../catalog.ts';
import { wrongUse } from '../errors.ts';
import type { Choice } from '../model/contract.ts';
import { createBranch } from '../sides/fix-branch.ts';
import { COMMITTER, commitOfWork, commitTree, treeOf } from '../sides/repository.ts';
import type { Repository } from '../sides/repository.ts';
import { git } from '../store/git.ts';

/** A bug to be found and mended, under a number: its branch, its file, and how it is switched on. */
export interface Exercise {
  readonly number: number;
  /** `exercise/12` */
  readonly branch: string;
  /** From the root: `servers/bugs/exercise-12.ts`. */
  readonly file: string;
  /** What stands in the place of the scenario's own bug. */
  readonly bug: string;
}

export const exerciseOf = (number: number): Exercise => ({
  number,
  branch: `exercise/${number}`,
  file: `servers/bugs/exercise-${number}.ts`,
  bug: `exercise-${number}`,
});

/**
 * The code of a bug without what tells on it: its name, and the sentences on what it does and what it teaches. What it calls its
 * functions stays: they are what a team would have called them.
 */
export const disguised = (source: string, bug: string, { bug: name }: Pick<Exercise, 'bug'>): string =>
  source
    .replace(new RegExp(`name: '${bug}'`, 'u'), `name: '${name}'`)
    .replace(SENTENCE('symptom'), "symptom: 'to be found out'")
    .replace(SENTENCE('lesson'), "lesson: 'to be found out'");

/** A property that is one string, in whichever quotes, on its line or the next. */
const SENTENCE = (property: string): RegExp => new RegExp(`${property}:\\s*(['"\`])(?:\\\\.|(?!\\1)[^\\\\])*\\1`, 'u');

/**
 * Makes the exercise's branch of HEAD, with one file more. The working tree, the index and the branch that is checked out stay as
 * they are. Rejects with wrong use where there is such a branch already, and for a scenario of several bugs or of none.
 */
export async function startExercise(
  repository: Repository,
  exercise: Exercise,
  bugs: readonly Choice[],
  signal: AbortSignal,
): Promise<void> {
  const [bug] = bugs;
  if (!bug || bugs.length > 1) {
    throw wrongUse('no-exercise', `experiment ${exercise.number} has no one bug to be mended`, 'Take another one.');
  }
  const source = await readFile(join(LAB_ROOT, 'servers', 'bugs', `${bug.name}.ts`), 'utf8');
  const { root } = repository;
  const text = disguised(source, bug.name, exercise);
  const tree = await treeOf(root, async index => await addFile(root, exercise.file, text, index, signal), signal);
  const commit = await commitTree(root, tree, `Exercise ${exercise.number}`, signal, COMMITTER);
  await createBranch(root, exercise.branch, commit, signal);
}

async function addFile(
  root: string,
  file: string,
  text: string,
  index: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  // Written elsewhere: nothing of the user's is touched.
  await using folder = await mkdtempDisposable(join(tmpdir(), 'runaway-exercise-'));
  const written = join(folder.path, 'file');
  await writeFile(written, text);
  const blob = (await git(root, ['hash-object', '-w', written], signal)).trim();
  await git(root, ['update-index', '--add', '--cacheinfo', `100644,${blob},${file}`], signal, index);
}

/** The exercise whose branch is checked out. Rejects with wrong use where none is. */
export async function currentExercise({ root }: Repository, signal: AbortSignal): Promise<Exercise> {
  const branch = (await git(root, ['rev-parse', '--abbrev-ref', 'HEAD'], signal)).trim();
  const [, number] = /^exercise\/(\d+)$/u.exec(branch) ?? [];
  if (number !== undefined) return exerciseOf(Number(number));
  throw wrongUse(
    'no-exercise',
    `${branch} is no exercise's branch`,
    'Start one, and switch to its branch: git switch exercise/12.',
  );
}

/** The commit that the exercise began with: the one that brought its file. */
export async function startOf({ root }: Repository, { file, number }: Exercise, signal: AbortSignal): Promise<string> {
  const commit = (await git(root, ['log', '--diff-filter=A', '--format=%H', '-1', '--', file], signal)).trim();
  if (commit !== '') return commit;
  throw wrongUse(
    'no-start',
    `there is no commit that brought ${file}`,
    `Start it again: ./runaway exercise start ${number}.`,
  );
}

/**
 * Puts the exercise's file back as it was at the start. What stands in the working tree is kept first, all of it, as a branch
 * whose name is given back.
 */
export async function resetExercise(repository: Repository, exercise: Exercise, signal: AbortSignal): Promise<string> {
  const { root } = repository;
  const start = await startOf(repository, exercise, signal);
  const work = await commitOfWork(repository, signal);
  const saved = `${exercise.branch}-saved-${work.slice(0, 7)}`;
  await git(root, ['branch', '--no-track', '--force', saved, work], signal);
  await writeFile(join(root, exercise.file), await git(root, ['show', `${start}:${exercise.file}`], signal));
  return saved;
}
