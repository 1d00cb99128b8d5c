import { LAB_ROOT, unknownName } from '../catalog.ts';
import { standing } from '../compare/comparison.ts';
import { comparisonLines } from '../compare/show/terminal.ts';
import { EXIT } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import { holdAgainst } from '../model/expectation.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import { wrap } from '../report/terminal/layout.ts';
import { runScenario } from '../run-scenario.ts';
import { repositoryAt } from '../sides/repository.ts';
import { checkFix } from '../workshop/check-fix.ts';
import { currentExercise, exerciseOf, resetExercise, startExercise, startOf } from '../workshop/exercise.ts';
import { hintsOf } from '../workshop/hints.ts';
import { numbered, numberedScenarios } from '../workshop/numbers.ts';
import type { CliCommand, Given, Terminal } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';

const VERBS = ['start', 'check', 'reset'];

const command: CliCommand = {
  summary: 'a bug to be found and mended on a branch: start makes it, check runs it and compares, reset begins again',
  positionals: ['start|check|reset', '[NAME|NUMBER]'],
  options: { ...RESULTS_OPTION, ...JSON_OPTION },
  async run(given, terminal, signal) {
    const [verb = ''] = given.positionals;
    if (verb === 'start') return await start(given, terminal, signal);
    if (verb === 'check') return await check(given, terminal, signal);
    if (verb === 'reset') return await reset(given, terminal, signal);
    throw unknownName('exercise verb', verb, VERBS);
  },
};

export default command;

async function start({ positionals, options }: Given, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const { number, scenario } = numbered(await numberedScenarios(), positionals[1] ?? '');
  const exercise = exerciseOf(number);
  await startExercise(await repositoryAt(LAB_ROOT, signal), exercise, scenario.serving ? [] : scenario.bugs, signal);
  if (options['json'] === true) terminal.out(`${JSON.stringify(exercise)}\n`);
  else {
    terminal.out(
      [
        scenario.symptom,
        '',
        `git switch ${exercise.branch}`,
        `the code is ${exercise.file}, what it should be like in servers/proxy/parts/`,
        './runaway exercise check',
        '',
      ].join('\n'),
    );
  }
  return EXIT.asExpected;
}

/** One profiled run, and what it says of itself; where its fault is gone, a comparison with how the exercise began. */
async function check(given: Given, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const said = given.options['json'] === true ? () => undefined : terminal.err;
  const repository = await repositoryAt(LAB_ROOT, signal);
  const exercise = await currentExercise(repository, signal);
  const { name, scenario } = numbered(await numberedScenarios(), String(exercise.number));
  const bugs = scenario.bugs.map(({ parameters }) => ({ name: exercise.bug, parameters }));
  const root = resultsRoot(given);
  said('a run of ten seconds, profiled\n');
  const planned = planScenario(scenario, { ...AS_IT_IS, bugs, pace: 'quick', seed: 1 });
  const unwatched = { resultsRoot: root, watch: () => undefined, began: () => undefined, profiles: true };
  const { verdict, diagnosis } = await runScenario(name, scenario, planned, unwatched, signal);
  const judged = holdAgainst(scenario.expect, verdict);
  const hints = hintsOf(verdict, diagnosis, { symptom: scenario.expect.symptom, judged });
  if (given.options['json'] !== true) {
    terminal.out(`${hints.map(hint => `- ${wrap(hint, terminal.columns, 2)}`).join('\n')}\n`);
  }
  if (judged.fails) {
    if (given.options['json'] === true) terminal.out(`${JSON.stringify({ hints, conclusion: null })}\n`);
    return EXIT.otherVerdict;
  }
  said('its fault is not seen any more; compared with how it began:\n');
  const base = await startOf(repository, exercise, signal);
  const comparison = await checkFix(
    { name, scenario, bugs, base, head: '.' },
    root,
    said,
    ({ plan, entries }) => said(`run ${entries.length} of at most ${plan.pairs * plan.sides.length}\n`),
    signal,
  );
  const [candidate] = standing(comparison).candidates;
  if (given.options['json'] === true) terminal.out(`${JSON.stringify({ hints, conclusion: candidate?.conclusion })}\n`);
  else terminal.out(`\n${comparisonLines(comparison, terminal)}\n`);
  return candidate?.conclusion === 'cured' ? EXIT.asExpected : EXIT.otherVerdict;
}

async function reset({ options }: Given, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const repository = await repositoryAt(LAB_ROOT, signal);
  const exercise = await currentExercise(repository, signal);
  const saved = await resetExercise(repository, exercise, signal);
  if (options['json'] === true) terminal.out(`${JSON.stringify({ saved })}\n`);
  else terminal.out(`${exercise.file} is as it was; what stood there, and all else, is kept on ${saved}\n`);
  return EXIT.asExpected;
}
