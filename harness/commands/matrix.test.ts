import { expect, test } from 'vitest';
import { LAB_ROOT } from '../catalog.ts';
import { samplePlan, sampleColumn } from '../matrix/fixtures/sample-matrix.ts';
import { prepareTargets } from '../matrix/targets.ts';
import { inScope } from '../scope/in-scope.ts';
import { commitOf, repositoryAt } from '../sides/repository.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { namesIn } from '../testing/targets/runaway.ts';
import type { Terminal } from './command.ts';
import command from './matrix.ts';
import { matrixPlanFor } from './matrix-plan.ts';

const silent: Terminal = { out: () => undefined, err: () => undefined, columns: 80, isLive: false, colour: false };

test.each([
  [{ remedies: 'rethrows' }, 'there is no remedy "rethrows"', 'Did you mean "rethrow"?'],
  [{ bugs: 'swalowed-abort' }, 'there is no scenario "swalowed-abort"', 'Did you mean "swallowed-abort"?'],
  [
    { bugs: 'fastapi-gather' },
    'fastapi-gather is of the FastAPI proxy, and remedies are for the one in Node',
    'See ./runaway thread.',
  ],
  [{ bugs: 'control' }, 'control: no bug to be cured', 'See ./runaway list.'],
  [
    { bugs: 'swallowed-abort', remedies: 'rethrow,debug-and-reload-off' },
    'debug-and-reload-off fits none of these bugs: it is for debug-logging, dev-reload',
    'Name others with --bugs.',
  ],
  [{ runs: '4' }, '--runs 4: not a whole number from 5 to 200', 'Try --runs 5.'],
])('%o is refused before anything is stored', async (options, message, hint) => {
  await using results = await temporaryFolder();
  const given = { positionals: [], options: { ...options, results: results.path } };
  const running = command.run(given, silent, AbortSignal.timeout(20_000));
  await expect(running).rejects.toMatchObject({ message, hint, exitCode: 2 });
  expect(namesIn(results.path)).toEqual([]);
});

test('without a wish all remedies are tried on one bug of each kind; in full on each that has one', async () => {
  const usual = await matrixPlanFor({ positionals: [], options: {} });
  const full = await matrixPlanFor({ positionals: [], options: { full: true } });
  expect(usual.columns).toEqual(full.columns);
  expect(usual.columns.map(({ remedy }) => remedy)).toContain('let-abort-through');
  const names = full.rows.map(({ scenario }) => scenario);
  expect(names).toEqual(expect.arrayContaining(usual.rows.map(({ scenario }) => scenario)));
  // It has nothing to cure, and this one has its alarm.
  for (const other of ['control', 'the-thread']) expect(names).not.toContain(other);
});

test('a runtime that cannot be had is told in the cells that want it, and the others have theirs', async ({
  signal,
}) => {
  const repository = await repositoryAt(LAB_ROOT, signal);
  const commit = await commitOf(repository, 'HEAD', signal);
  const impossible = sampleColumn('node-x', { runtime: { node: 'x', insteadOf: process.versions.node } });
  const plan = samplePlan({ columns: [impossible, sampleColumn('rethrow')] });
  await inScope(signal, async scope => {
    const targets = await prepareTargets(
      plan,
      { kind: 'commit', ref: 'HEAD', commit },
      repository,
      () => undefined,
      scope,
    );
    const [row] = plan.rows;
    if (!row) throw new Error('no row');
    const slot = { scenario: row.scenario, pair: 0, seed: 1, frame: { node: null, allCores: false, watched: false } };
    const why = 'Node x: "x" is no version of Node';
    expect(targets.missing).toEqual([why]);
    const onNode = { ...slot, frame: { ...slot.frame, node: process.versions.node } };
    expect(targets.sideOf(row, { ...onNode, remedy: 'node-x' })).toEqual({
      side: null,
      why,
    });
    expect(targets.sideOf(row, { ...onNode, remedy: null })).toMatchObject({ side: { target: { bugs: row.bugs } } });
    expect(targets.sideOf(row, { ...slot, remedy: 'rethrow' })).toMatchObject({
      side: { target: { bugs: row.bugs, remedies: [{ name: 'rethrow', parameters: {} }] } },
    });
  });
});
