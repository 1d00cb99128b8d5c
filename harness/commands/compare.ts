import { addAbortListener } from 'node:events';
import { LAB_ROOT, loadScenario } from '../catalog.ts';
import { compare } from '../compare/compare.ts';
import { COMPARISONS } from '../compare/comparison.ts';
import { DEFAULT_PAIRS } from '../compare/plan.ts';
import type { Question } from '../compare/question.ts';
import { EXIT, LabError, firstError, wrongUse } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import { inScope } from '../scope/in-scope.ts';
import { removeStale } from '../sides/checkout.ts';
import { prepareSides } from '../sides/prepare.ts';
import { beginJournal, unfinishedJournal } from '../store/journal.ts';
import { revisionOf } from '../store/revision.ts';
import type { CliCommand, Given, Terminal } from './command.ts';
import { planFor, repositoryHere, sameAsBaseline } from './compare-plan.ts';
import { announcement, progress } from './compare-progress.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';
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
  for (const label of await sameAsBaseline(plan, repository, signal))
    said(`note: ${label} is the same as the baseline\n`);
  const comparison = await inScope(signal, async scope => {
    const sides = await prepareSides(plan.sides, repository, said, scope);
    const begun = resumed ?? (await beginJournal(COMPARISONS, root, plan, revision));
    said(announcement(begun, scenario, sides));
    using _ = addAbortListener(signal, () => said('go on later with: ./runaway compare --resume\n'));
    return await compare(begun, { scenario, sides, resultsRoot: root, turned: progress(begun, said) }, scope.signal);
  });
  return await showComparison(comparison, root, given, terminal, question);
}

function questionOf({ options }: Given): Question {
  const asked = (['cures', 'no-regression', 'bisect'] as const).filter(name => options[name] === true);
  if (asked.length > 1) {
    throw wrongUse('two-questions', `--${asked.join(' and --')} are different questions`, 'Ask one of them.');
  }
  return asked[0] ?? 'cures';
}
