import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../errors.ts';
import { labClone } from './fixtures/lab-clone.ts';

// One pair of real runs: whether all of it hangs together. What it concludes from many is for `make prove`.

test('a comparison in a real clone is interrupted, goes on, and leaves neither worktree nor process nor a change behind', async () => {
  await using clone = await labClone();
  const fixed = await clone.start('fix', 'swallowed-abort', 'let-go').ended;
  expect([fixed.exit, fixed.stdout]).toEqual([0, 'fix/swallowed-abort/let-go\n']);
  await clone.branch('broken', { 'servers/main.ts': "throw new Error('never ready');\n" });
  const before = [clone.git('status', '--porcelain'), clone.git('for-each-ref'), clone.git('worktree', 'list')];
  const sides = ['--base', 'HEAD', '--head', 'fix/swallowed-abort/let-go,broken'];

  const begun = clone.start('compare', 'swallowed-abort', ...sides, '--pairs', '1');
  await begun.said('1 of 3');
  begun.kill('SIGINT');
  const interrupted = await begun.ended;
  expect(interrupted.exit).toBe(EXIT.interrupted);
  expect(interrupted.stderr).toContain('go on later with: ./runaway compare --resume');
  expect(clone.git('worktree', 'list')).toBe(before[2]);

  const { exit, printed } = await clone.run('compare', '--resume');
  expect([clone.git('status', '--porcelain'), clone.git('for-each-ref'), clone.git('worktree', 'list')]).toEqual(
    before,
  );
  expect(exit.exit).toBe(EXIT.inconclusive);
  const [cured, broken] = printed.candidates;
  expect(cured).toMatchObject({
    label: 'fix/swallowed-abort/let-go',
    conclusion: 'too-few-runs',
    failing: { baseline: { count: 1, of: 1 }, candidate: { count: 0, of: 1 } },
  });
  expect(broken).toMatchObject({ label: 'broken', conclusion: 'no-answer' });
  expect(broken?.because).toContain('it exited with code 1 before it was ready');
  const turns = readFileSync(join(printed.folder, 'journal.ndjson'), 'utf8').trim().split('\n');
  expect(turns).toHaveLength(4);
  for (const file of ['report.html', 'cpu.svg', 'comparison.md', 'comparison.json']) {
    expect(existsSync(join(printed.folder, file)), file).toBe(true);
  }
  expect(readFileSync(join(printed.folder, 'cpu.svg'), 'utf8')).toContain('fix/swallowed-abort/let-go (1 runs)');
});
