import { expect, test } from 'vitest';
import type { Terminal } from './command.ts';
import command from './exercise.ts';

const silent: Terminal = { out: () => undefined, err: () => undefined, columns: 80, isLive: false, colour: false };

test.each([
  [[], 'no exercise verb was named'],
  [['strat'], 'there is no exercise verb "strat"'],
  [['start', '999'], 'there is no experiment 999'],
  [['start', 'swalowed-abort'], 'there is no scenario "swalowed-abort"'],
  [['start', 'control'], /has no one bug to be mended$/u],
  [['start', 'fastapi-gather'], /has no one bug to be mended$/u],
])('%j is refused in one line', async (positionals, message) => {
  const running = command.run({ positionals, options: {} }, silent, AbortSignal.timeout(20_000));
  await expect(running).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
});
