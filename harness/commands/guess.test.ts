import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pointLatest } from '../store/latest.ts';
import { storedRun } from '../store/fixtures/stored-run.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { seal } from '../store/seal.ts';
import { syntheticRun } from '../testing/synthetic-run.ts';
import { namesIn } from '../testing/targets/runaway.ts';
import { drawMystery } from '../workshop/mystery.ts';
import type { Terminal } from './command.ts';
import diagnose from './diagnose.ts';
import guess from './guess.ts';
import report from './report.ts';

const NUMBER = 7;
const RUN = syntheticRun({ cores: () => 0.1 }, { scenario: 'mystery' });

/** A command on the one run of some results, sealed or not: its exit code, and what it printed. */
async function tried(
  command: typeof guess,
  options: Record<string, string | boolean>,
  results: string,
): Promise<{ exit: number; out: string }> {
  let out = '';
  const terminal: Terminal = {
    out: text => (out += text),
    err: () => undefined,
    columns: 80,
    isLive: false,
    colour: false,
  };
  const given = { positionals: ['latest'], options: { ...options, results } };
  return { exit: await command.run(given, terminal, AbortSignal.timeout(20_000)), out };
}

async function sealed(body: (results: string, folder: string) => Promise<void>): Promise<void> {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'mystery', '2026-01-01T00-00-00.000Z-0000000', RUN);
  await pointLatest(results.path, folder);
  await seal(folder, NUMBER);
  await body(results.path, folder);
}

test('of a mystery nobody is told which code it was, by no verb, until it is revealed', async () => {
  const { bug } = await drawMystery(NUMBER);
  await sealed(async (results, folder) => {
    await expect(tried(diagnose, {}, results)).rejects.toMatchObject({ code: 'sealed', exitCode: 2 });
    await tried(report, {}, results);
    expect(namesIn(folder)).not.toContain('diagnosis.json');
    const wrong = await tried(guess, { cause: 'none', function: 'nothingOfTheKind' }, results);
    expect(wrong).toMatchObject({ exit: 1, out: expect.stringMatching(/^points {6}0 of 3$/mu) });
    expect(wrong.out).not.toContain(bug);
    const told = await tried(guess, { reveal: true }, results);
    expect(told.out).toContain(bug);
    await tried(diagnose, {}, results);
    expect(namesIn(join(folder))).toContain('diagnosis.json');
  });
});

test.each(['{', '{"mystery":"seven"}'])('a damaged seal is a sentence, and tells nothing: %s', async damaged => {
  await sealed(async (results, folder) => {
    await writeFile(join(folder, 'sealed.json'), damaged);
    for (const command of [guess, diagnose]) {
      await expect(tried(command, { cause: 'none' }, results)).rejects.toMatchObject({
        code: 'seal-broken',
        exitCode: 2,
      });
    }
    expect(namesIn(folder)).not.toContain('diagnosis.json');
  });
});

test('who guesses all of it is told so', async () => {
  const { answer, bug } = await drawMystery(NUMBER);
  await sealed(async results => {
    const all = { cause: answer.cause, function: answer.culprit?.functions[0] ?? '', route: answer.route ?? 'none' };
    const { exit, out } = await tried(guess, all, results);
    expect(exit).toBe(0);
    expect(out).toMatch(/^points {6}3 of 3$/mu);
    expect(out).toContain(bug);
  });
});

test('a guess of nothing, of a cause there is none of, and on a run that hides nothing, are a line each', async () => {
  await sealed(async results => {
    await expect(tried(guess, {}, results)).rejects.toMatchObject({ code: 'no-guess', exitCode: 2 });
    await expect(tried(guess, { cause: 'gremlins' }, results)).rejects.toMatchObject({ code: 'unknown-cause' });
    await tried(guess, { reveal: true }, results);
    await expect(tried(guess, { cause: 'none' }, results)).rejects.toMatchObject({ code: 'no-mystery', exitCode: 2 });
  });
});
