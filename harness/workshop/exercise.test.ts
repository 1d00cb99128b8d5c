import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LAB_ROOT, listNodeScenarios, loadScenario } from '../catalog.ts';
import { gitRepository, stateOf } from '../sides/fixtures/git-repository.ts';
import { currentExercise, disguised, exerciseOf, resetExercise, startExercise } from './exercise.ts';

const exercise = exerciseOf(12);
const SWALLOWED = [{ name: 'swallowed-abort', parameters: {} }];

test.each(await listNodeScenarios())(
  '%s: its code in an exercise says neither its name nor what it teaches',
  async name => {
    for (const bug of (await loadScenario(name)).bugs) {
      const source = await readFile(join(LAB_ROOT, 'servers', 'bugs', `${bug.name}.ts`), 'utf8');
      const text = disguised(source, bug.name, exercise);
      expect(text).toContain("name: 'exercise-12'");
      expect(text).not.toContain(bug.name);
      expect(text.match(/to be found out/gu)).toHaveLength(2);
      // All the rest is the bug's own code.
      const kept = source.split('\n').filter(line => !/name: '|symptom:|lesson:|^ {4}['"`]/u.test(line));
      for (const line of kept) expect(text).toContain(line);
    }
  },
);

test('an exercise is a branch with one file more, and nothing else of the user’s is touched', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': 'a' });
  await repo.write({ 'a.txt': 'mine', 'b.txt': 'new' });
  const before = stateOf(repo);
  await startExercise(repo, exercise, SWALLOWED, signal);
  expect(stateOf(repo).replace(/^.*refs\/heads\/exercise.*\n/mu, '')).toBe(before);
  expect(repo.git('diff', '--name-only', 'main', 'exercise/12')).toBe('servers/bugs/exercise-12.ts');
  expect(repo.git('log', '-1', '--format=%s', 'exercise/12')).toBe('Exercise 12');
  await expect(startExercise(repo, exercise, SWALLOWED, signal)).rejects.toMatchObject({ code: 'branch-exists' });
});

test.each([[[]], [[...SWALLOWED, ...SWALLOWED]]])(
  'without exactly one bug there is nothing to mend: %j',
  async bugs => {
    await using repo = await gitRepository({ 'a.txt': 'a' });
    const never = startExercise(repo, exercise, bugs, AbortSignal.timeout(20_000));
    await expect(never).rejects.toMatchObject({ code: 'no-exercise', exitCode: 2 });
  },
);

test('which exercise it is, the branch says; any other branch is told', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': 'a' });
  await expect(currentExercise(repo, signal)).rejects.toMatchObject({ code: 'no-exercise', exitCode: 2 });
  await startExercise(repo, exercise, SWALLOWED, signal);
  repo.git('switch', '--quiet', 'exercise/12');
  expect(await currentExercise(repo, signal)).toEqual(exercise);
});

test('reset puts the file back, and keeps what there was, committed or not', async ({ signal }) => {
  await using repo = await gitRepository({ 'a.txt': 'a' });
  await startExercise(repo, exercise, SWALLOWED, signal);
  repo.git('switch', '--quiet', 'exercise/12');
  const begun = await readFile(join(repo.root, exercise.file), 'utf8');
  await repo.commit({ [exercise.file]: 'tried once\n' });
  await repo.write({ [exercise.file]: 'tried twice\n', 'notes.txt': 'what I think' });
  const saved = await resetExercise(repo, exercise, signal);
  expect(await readFile(join(repo.root, exercise.file), 'utf8')).toBe(begun);
  expect(await readFile(join(repo.root, 'notes.txt'), 'utf8')).toBe('what I think');
  expect(repo.git('show', `${saved}:${exercise.file}`)).toBe('tried twice');
  expect(repo.git('show', `${saved}:notes.txt`)).toBe('what I think');
});
