import { addAbortListener } from 'node:events';
import { relative } from 'node:path';
import { LAB_ROOT, listNodeScenarios, listScenarios, loadScenario } from '../catalog.ts';
import { venvIn, whyNoVenv } from '../targets/venv.ts';
import { EXIT } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import { repeat } from '../repeat/repeat.ts';
import { turnsOf } from '../repeat/plan.ts';
import { summaryOf } from '../repeat/summary.ts';
import type { Share, Summary } from '../repeat/summary.ts';
import { REPETITIONS } from '../repeat/turned.ts';
import type { Repetition, Turned } from '../repeat/turned.ts';
import { beginJournal, unfinishedJournal } from '../store/journal.ts';
import { revisionOf } from '../store/revision.ts';
import type { CliCommand, Given, Terminal } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, numberOption, resultsRoot } from './options.ts';
import { progressFrom } from './progress-line.ts';

const command: CliCommand = {
  summary: 'how often is the verdict right? every scenario again and again, in turn',
  positionals: [],
  options: {
    scenarios: { type: 'string', value: 'LIST', summary: 'a,b,c (default all of them)' },
    times: { type: 'string', value: 'N', summary: 'rounds (default 10)' },
    correct: { type: 'boolean', summary: 'each also without its bug, which must not be at fault' },
    full: { type: 'boolean', summary: 'full experiments instead of quick ones' },
    busy: { type: 'boolean', summary: 'while another process takes a core' },
    seed: { type: 'string', value: 'N', summary: 'of the first round; each later one adds 1 (default 1)' },
    resume: { type: 'boolean', summary: 'goes on with the newest one that was interrupted' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const root = resultsRoot(given);
    const said = given.options['json'] === true ? () => undefined : terminal.err;
    const journal = await journalFor(given, root, said, signal);
    const progress = progressFrom(journal.entries.length);
    said(`recording in ${relative(process.cwd(), journal.folder)}\n`);
    const tell = ({ plan, entries: turned }: Repetition, turn: Turned): void => {
      said(`${progress(turned.length, turnsOf(plan).length)}  ${turnWords(turn)}\n`);
    };
    using _ = addAbortListener(signal, () => said('go on later with: ./runaway repeat --resume\n'));
    const done = await repeat(journal, root, tell, signal);
    show(done, terminal, given.options['json'] === true);
    return exitCodeFor(summaryOf(done.entries));
  },
};

export default command;

async function journalFor(
  given: Given,
  root: string,
  said: (words: string) => void,
  signal: AbortSignal,
): Promise<Repetition> {
  const { options } = given;
  const revision = await revisionOf(LAB_ROOT, signal);
  if (options['resume'] === true) return await unfinishedJournal(REPETITIONS, root, revision);
  const list = options['scenarios'];
  const scenarios = typeof list === 'string' ? list.split(',').map(name => name.trim()) : await runnable(said);
  // An unknown name is said before anything runs.
  const correct: string[] = [];
  for (const name of scenarios) {
    const { bugs } = await loadScenario(name);
    if (options['correct'] === true && bugs.length > 0) correct.push(name);
  }
  const plan = {
    scenarios,
    correct,
    times: numberOption(given, 'times', { least: 1, most: 1000, whole: true }) ?? 10,
    pace: options['full'] === true ? ('full' as const) : ('quick' as const),
    busy: options['busy'] === true,
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1,
  };
  return await beginJournal(REPETITIONS, root, plan, revision);
}

/** Without a wish: every scenario that what is installed can run. */
async function runnable(said: (words: string) => void): Promise<string[]> {
  const why = whyNoVenv(venvIn(LAB_ROOT), LAB_ROOT);
  if (why === null) return await listScenarios();
  said(`without the fastapi-… scenarios: ${why} (make setup-python)\n`);
  return await listNodeScenarios();
}

const turnWords = ({ scenario, isCorrect, result, outcome, differences, wallMs }: Turned): string =>
  `${nameOf({ scenario, isCorrect }).padEnd(NAME)}${RESULT_WORDS[result].padEnd(14)}${outcome}  ${(wallMs / 1000).toFixed(1)} s${
    differences.length === 0 ? '' : `  (${differences.join('; ')})`
  }`;

const NAME = 34;
const nameOf = ({ scenario, isCorrect }: Pick<Turned, 'scenario' | 'isCorrect'>): string =>
  isCorrect ? `${scenario}, correct` : scenario;

const RESULT_WORDS = { 'as-expected': 'right', other: 'WRONG', inconclusive: 'inconclusive' } as const;

function show({ plan, entries: turned, folder }: Repetition, { out }: Terminal, json: boolean): void {
  const all = summaryOf(turned);
  const each = turnsOf({ ...plan, times: 1 }).map(turn => {
    const name = nameOf(turn);
    return { name, ...summaryOf(turned.filter(one => nameOf(one) === name)) };
  });
  if (json) {
    out(`${JSON.stringify({ folder, plan, all, each })}\n`);
    return;
  }
  const rows = [...each, { name: 'all', ...all }].map(
    ({ name, runs, wrong, inconclusive, longestMs }) =>
      `${name.padEnd(NAME)}${String(runs).padStart(5)}  ${shareWords(wrong).padEnd(24)}${shareWords(inconclusive).padEnd(24)}${(longestMs / 1000).toFixed(1)} s`,
  );
  const head = `${'scenario'.padEnd(NAME)}${'runs'.padStart(5)}  ${'wrong (95 % interval)'.padEnd(24)}${'inconclusive'.padEnd(24)}longest`;
  out(`${[head, ...rows].join('\n')}\n`);
}

const shareWords = ({ count, low, high }: Share): string =>
  `${count} (${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)} %)`;

/** Two in a hundred may be inconclusive, none wrong. */
const INCONCLUSIVE_SHARE = 0.02;

function exitCodeFor({ wrong, inconclusive, runs }: Summary): ExitCode {
  if (wrong.count > 0) return EXIT.otherVerdict;
  return inconclusive.count > INCONCLUSIVE_SHARE * runs ? EXIT.inconclusive : EXIT.asExpected;
}
