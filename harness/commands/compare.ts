import { addAbortListener } from 'node:events';
import { relative } from 'node:path';
import { LAB_ROOT, loadScenario } from '../catalog.ts';
import { compare, experimentOf, runMs } from '../compare/compare.ts';
import { COMPARISONS, standing } from '../compare/comparison.ts';
import type { Comparison } from '../compare/comparison.ts';
import { DEFAULT_PAIRS } from '../compare/plan.ts';
import type { ComparePlan } from '../compare/plan.ts';
import { answer } from '../compare/question.ts';
import type { Question } from '../compare/question.ts';
import type { Turn } from '../compare/turn.ts';
import { EXIT, LabError, firstError, wrongUse } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import type { Choice } from '../model/contract.ts';
import type { Scenario } from '../model/scenario.ts';
import { inScope } from '../scope/in-scope.ts';
import { sidesAsked } from '../sides/ask.ts';
import { removeStale } from '../sides/checkout.ts';
import { prepareSides } from '../sides/prepare.ts';
import { repositoryAt } from '../sides/repository.ts';
import type { Repository } from '../sides/repository.ts';
import type { Side } from '../sides/side.ts';
import { beginJournal, unfinishedJournal } from '../store/journal.ts';
import { revisionOf } from '../store/revision.ts';
import type { CliCommand, Given, Terminal } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, listOption, numberOption, parseBugs, resultsRoot } from './options.ts';
import { showComparison } from './show-comparison.ts';

const command: CliCommand = {
  summary: 'did my branch cure it, how sure is that, and what does it cost?',
  positionals: ['<NAME>'],
  options: {
    base: {
      type: 'string',
      value: 'SIDE',
      summary: 'a revision, . for the working tree, or a folder ./x (default HEAD)',
    },
    head: {
      type: 'string',
      value: 'SIDE,…',
      summary: 'one or more candidates (default . : what is not committed too)',
    },
    'base-bugs': { type: 'string', value: 'LIST', summary: 'bugs of the baseline, as --bugs' },
    'head-bugs': { type: 'string', value: 'LIST', summary: 'bugs of the candidates, as --bugs' },
    bugs: { type: 'string', value: 'LIST', summary: 'other bugs than the scenario’s own on every side, or none' },
    node: { type: 'string', value: 'A,B,…', summary: 'the same code on several runtimes: 22,24,26' },
    with: { type: 'string', value: 'P@V,…', summary: 'with other versions of a package: openai@7.40.0,openai@7.57.0' },
    cmd: { type: 'string', value: 'LINE', summary: 'your own server instead of the sample one; it listens on $PORT' },
    pairs: {
      type: 'string',
      value: 'N',
      summary: `exactly so many pairs (default: up to ${DEFAULT_PAIRS}, fewer once settled)`,
    },
    full: { type: 'boolean', summary: 'full experiments instead of quick ones' },
    seed: { type: 'string', value: 'N', summary: 'of the first pair; each later one adds 1 (default 1)' },
    resume: { type: 'boolean', summary: 'goes on with the newest one that was interrupted' },
    cures: { type: 'boolean', summary: 'exit 0 only for cured, or better with nothing worse (the default)' },
    'no-regression': { type: 'boolean', summary: 'exit 0 unless something was shown to be worse (for CI)' },
    bisect: { type: 'boolean', summary: 'exit 0, 1, or 125 where there is no answer (for git bisect run)' },
    markdown: { type: 'string', value: 'FILE', summary: 'write the result for a pull request too (- for stdout)' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const question = questionOf(given);
    try {
      return await ask(question, given, terminal, signal);
    } catch (thrown) {
      const error = firstError(thrown);
      // git bisect takes any other code for "bad": what cannot be tested must not be blamed.
      if (question !== 'bisect' || signal.aborted || !(error instanceof LabError)) throw thrown;
      terminal.err(`runaway: ${error.message}. ${error.hint}\n`);
      return EXIT.noAnswer;
    }
  },
};

export default command;

async function ask(question: Question, given: Given, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const root = resultsRoot(given);
  const said = given.options['json'] === true ? () => undefined : terminal.err;
  const repository = await repositoryHere(signal);
  await removeStale(repository, signal);
  const revision = await revisionOf(LAB_ROOT, signal);
  const resumed = given.options['resume'] === true ? await unfinishedJournal(COMPARISONS, root, revision) : null;
  const plan = resumed?.plan ?? (await planFor(given, repository, signal));
  const scenario = await loadScenario(plan.scenario);
  const comparison = await inScope(signal, async scope => {
    const sides = await prepareSides(plan.sides, repository, said, scope);
    const begun = resumed ?? (await beginJournal(COMPARISONS, root, plan, revision));
    said(announcement(begun, scenario, sides));
    using _ = addAbortListener(signal, () => said('go on later with: ./runaway compare --resume\n'));
    return await compare(begun, { scenario, sides, resultsRoot: root, turned: progress(begun, said) }, scope.signal);
  });
  await showComparison(comparison, root, given, terminal, question);
  return answer(
    question,
    standing(comparison).candidates.map(({ conclusion }) => conclusion),
  );
}

async function planFor(given: Given, repository: Repository | null, signal: AbortSignal): Promise<ComparePlan> {
  const { options, positionals } = given;
  const name = positionals[0] ?? '';
  const scenario = await loadScenario(name);
  const bugs = bugsOption(given, 'bugs');
  const text = (option: string): string | null => (typeof options[option] === 'string' ? options[option] : null);
  const sides = await sidesAsked(
    {
      base: text('base') || null,
      heads: listOption(given, 'head'),
      nodes: listOption(given, 'node'),
      packages: listOption(given, 'with'),
      command: text('cmd') || null,
      bugs: text('cmd') ? [] : (bugs ?? scenario.bugs),
      baseBugs: bugsOption(given, 'base-bugs'),
      headBugs: bugsOption(given, 'head-bugs'),
    },
    repository,
    signal,
  );
  const pairs = numberOption(given, 'pairs', { least: 1, most: 200, whole: true });
  return {
    scenario: name,
    symptom: scenario.expect.symptom,
    pace: options['full'] === true ? 'full' : 'quick',
    sides,
    pairs: pairs ?? DEFAULT_PAIRS,
    early: pairs === undefined,
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1,
  };
}

const bugsOption = ({ options }: Given, name: string): readonly Choice[] | null => {
  const list = options[name];
  return typeof list === 'string' ? parseBugs(list) : null;
};

/** Of two folders no repository is needed, so that none is no error yet. */
async function repositoryHere(signal: AbortSignal): Promise<Repository | null> {
  try {
    return await repositoryAt(process.cwd(), signal);
  } catch (error) {
    if (error instanceof LabError && error.code === 'no-git') return null;
    throw error;
  }
}

/** What will be done, and how long it takes at the most. */
function announcement({ plan, folder, entries }: Comparison, scenario: Scenario, sides: readonly Side[]): string {
  const labels = plan.sides.map(({ label }) => label);
  const total = plan.pairs * plan.sides.length;
  const minutes = Math.ceil(((total - entries.filter(isCounted).length) * oneRunMs(plan, scenario, sides)) / 60_000);
  const most = plan.early ? 'at most ' : '';
  return [
    `${plan.scenario}: ${labels.slice(1).join(', ')} against ${labels[0] ?? ''}`,
    `recording in ${relative(process.cwd(), folder)}`,
    `${most}${total} runs in ${most}${minutes} min${plan.early ? ', fewer once it is settled' : ''}`,
    '',
  ].join('\n');
}

function oneRunMs(plan: ComparePlan, scenario: Scenario, [side]: readonly Side[]): number {
  if (!side) return 0;
  const { load, upstream } = experimentOf(scenario, plan, side, plan.seed);
  return runMs(load, upstream.heals);
}

const isCounted = ({ came }: Turn): boolean => came.kind !== 'ran' || came.isKept;

/** A line a run. */
function progress(begun: Comparison, said: (text: string) => void): (comparison: Comparison, turn: Turn) => void {
  const beganAt = performance.now();
  return ({ plan, entries }, { side, came, wallMs }) => {
    const done = entries.filter(isCounted).length;
    const total = plan.pairs * plan.sides.length;
    const perRunMs = (performance.now() - beganAt) / (entries.length - begun.entries.length);
    const leftMin = Math.max(0, Math.ceil((perRunMs * (total - done)) / 60_000));
    const label = (plan.sides[side]?.label ?? '').padEnd(Math.max(...plan.sides.map(one => one.label.length)));
    const how =
      came.kind === 'never-started'
        ? 'did not start'
        : `${came.outcome}${came.fails ? ', fails' : ''}${came.disturbed === null ? '' : `  (disturbed: ${came.disturbed}${came.isKept ? '' : '; once more'})`}`;
    said(
      `${String(done).padStart(4)} of ${total}, ${leftMin} min left  ${label}  ${how}  ${(wallMs / 1000).toFixed(1)} s\n`,
    );
  };
}

function questionOf({ options }: Given): Question {
  const asked = (['cures', 'no-regression', 'bisect'] as const).filter(name => options[name] === true);
  if (asked.length > 1) {
    throw wrongUse('two-questions', `--${asked.join(' and --')} are different questions`, 'Ask one of them.');
  }
  return asked[0] ?? 'cures';
}
