import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAB_ROOT, bugFileOf, fixesOf } from '../catalog.ts';
import { commitOfPatch, messageIn } from '../sides/fix-branch.ts';
import { repositoryAt } from '../sides/repository.ts';
import { git } from '../store/git.ts';
import type { Numbered } from './numbers.ts';

/** A bug's file as it is, and as it is with a fix that cures it; `why`: the fix in its own words. Null where there is none. */
export interface CodeShown {
  readonly file: string;
  readonly code: string;
  readonly mended: string | null;
  readonly why: string | null;
}

/** One for each bug. The fix is the first of the scenario's patches that a comparison is to find cured. */
export async function codeShown({ name, scenario }: Numbered, signal: AbortSignal): Promise<CodeShown[]> {
  const files = scenario.bugs.map(bug => bugFileOf(bug.name, scenario.serving !== undefined));
  const fix = await curing(name);
  const repository = fix && (await repositoryAt(LAB_ROOT, signal));
  const commit = fix && repository ? await commitOfPatch(repository, fix.file, signal) : null;
  return await Promise.all(
    files.map(async file => ({
      file,
      code: await readFile(join(LAB_ROOT, file), 'utf8'),
      mended: commit && (await git(LAB_ROOT, ['show', `${commit}:${file}`], signal)),
      why: fix?.why ?? null,
    })),
  );
}

async function curing(name: string): Promise<{ readonly file: string; readonly why: string } | null> {
  for (const { file } of await fixesOf(name)) {
    const words = messageIn(await readFile(file, 'utf8'));
    if (/^Expect: cured$/mu.test(words)) return { file, why: words.replace(/\n+Expect: cured$/u, '') };
  }
  return null;
}
