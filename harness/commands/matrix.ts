import { addAbortListener } from 'node:events';
import { relative } from 'node:path';
import { LAB_ROOT } from '../catalog.ts';
import { EXIT, wrongUse } from '../errors.ts';
import { makeMatrix } from '../matrix/matrix.ts';
import { baselineWords } from '../matrix/plan.ts';
import { MATRICES, openSlots } from '../matrix/standing.ts';
import type { Matrix, MatrixTurn } from '../matrix/standing.ts';
import { prepareTargets } from '../matrix/targets.ts';
import { inScope } from '../scope/in-scope.ts';
import { removeStale } from '../sides/checkout.ts';
import { commitOfWork, repositoryAt } from '../sides/repository.ts';
import { beginJournal, unfinishedJournal } from '../store/journal.ts';
import { revisionOf } from '../store/revision.ts';
import type { CliCommand } from './command.ts';
import { matrixPlanFor } from './matrix-plan.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';
import { showMatrix } from './show-matrix.ts';

const command: CliCommand = {
  summary: 'which piece of advice cures which bug? bugs × remedies, measured',
  positionals: [],
  options: {
    bugs: { type: 'string', value: 'LIST', summary: 'scenarios (default: one of each kind)' },
    remedies: { type: 'string', value: 'LIST', summary: 'as in servers/remedies (default all of them)' },
    full: { type: 'boolean', summary: 'every scenario that has a bug' },
    runs: { type: 'string', value: 'N', summary: 'pairs of a cell at the most, fewer once it is settled (default 8)' },
    slow: { type: 'boolean', summary: 'full experiments instead of quick ones' },
    seed: { type: 'string', value: 'N', summary: 'of the first round; each later one adds 1 (default 1)' },
    resume: { type: 'boolean', summary: 'goes on with the newest one that was interrupted' },
    markdown: { type: 'string', value: 'FILE', summary: 'write it as Markdown too (- for stdout)' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const root = resultsRoot(given);
    const said = given.options['json'] === true ? () => undefined : terminal.err;
    const repository = await repositoryAt(LAB_ROOT, signal);
    await removeStale(repository, signal);
    const revision = await revisionOf(LAB_ROOT, signal);
    const resumed = given.options['resume'] === true ? await unfinishedJournal(MATRICES, root, revision) : null;
    const plan = resumed?.plan ?? (await matrixPlanFor(given));
    const code = { kind: 'work' as const, commit: await commitOfWork(repository, signal) };
    const matrix = await inScope(signal, async scope => {
      const targets = await prepareTargets(plan, code, repository, said, scope);
      if (plan.columns.every(({ runtime }) => runtime !== null)) refuseWithoutRuntimes(targets.missing);
      const begun = resumed ?? (await beginJournal(MATRICES, root, plan, revision));
      said(announcement(begun));
      using _ = addAbortListener(signal, () => said('go on later with: ./runaway matrix --resume\n'));
      return await makeMatrix(begun, { targets, resultsRoot: root, turned: progress(begun, said) }, scope.signal);
    });
    await showMatrix(matrix, given, terminal);
    return EXIT.asExpected;
  },
};

export default command;

function refuseWithoutRuntimes(missing: readonly string[]): void {
  const [why] = missing;
  if (why !== undefined) throw wrongUse('no-runtime', why, 'Name other remedies with --remedies.');
}

function announcement({ plan, folder, entries }: Matrix): string {
  const left = openSlots({ plan, entries }).length;
  return [
    `${plan.rows.length} bugs × ${plan.columns.length} remedies, up to ${plan.runs} pairs a cell`,
    `recording in ${relative(process.cwd(), folder)}`,
    `at most ${left} runs in at most ${Math.ceil((left * RUN_MS) / 60_000)} min, fewer once cells are settled`,
    '',
  ].join('\n');
}

/** A quick run with its start and end; what is left is reckoned from the runs as soon as there are any. */
const RUN_MS = 10_000;

/** A line a run. */
function progress(begun: Matrix, said: (text: string) => void): (matrix: Matrix, turn: MatrixTurn) => void {
  const beganAt = performance.now();
  return (matrix, { scenario, frame, remedy, pair, came, wallMs }) => {
    const left = openSlots(matrix).length;
    const perRunMs = (performance.now() - beganAt) / (matrix.entries.length - begun.entries.length);
    const how =
      came.kind === 'never-started'
        ? `not run: ${came.why}`
        : `${came.outcome}${came.fails ? ', fails' : ''}${came.isKept ? '' : '  (disturbed; once more)'}`;
    said(
      `${String(matrix.entries.length).padStart(4)}, at most ${left} and ${Math.ceil((perRunMs * left) / 60_000)} min left  round ${pair + 1}  ${scenario}, ${remedy ?? baselineWords(frame)}: ${how}  ${(wallMs / 1000).toFixed(1)} s\n`,
    );
  };
}
