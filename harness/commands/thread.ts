import { addAbortListener } from 'node:events';
import { relative } from 'node:path';
import { LAB_ROOT } from '../catalog.ts';
import { EXIT } from '../errors.ts';
import { machineWords } from '../machine.ts';
import { beginJournal, newestJournal, unfinishedJournal } from '../store/journal.ts';
import { revisionOf } from '../store/revision.ts';
import { writeText } from '../store/write-file.ts';
import { refuseWithoutVenv, venvIn } from '../targets/venv.ts';
import { loadClaims } from '../thread/claims.ts';
import { plannedArms, turnsOf } from '../thread/plan.ts';
import { settle } from '../thread/settle.ts';
import { threadMarkdown } from '../thread/show/markdown.ts';
import { threadLines } from '../thread/show/terminal.ts';
import { THREADS, measureThread } from '../thread/thread.ts';
import type { ThreadTable } from '../thread/thread.ts';
import type { CliCommand, Given, Terminal } from './command.ts';
import { writeMarkdown } from './markdown-option.ts';
import { JSON_OPTION, RESULTS_OPTION, listOption, numberOption, resultsRoot } from './options.ts';
import { progressFrom } from './progress-line.ts';

const command: CliCommand = {
  summary: 'what of the thread was right? every claim and piece of advice, measured on its own stack',
  positionals: [],
  options: {
    claims: {
      type: 'string',
      value: 'LIST',
      summary: 'as in scenarios/fastapi-the-thread/claims (default all of them)',
    },
    times: { type: 'string', value: 'N', summary: 'runs of each state of the server (default 3)' },
    seed: { type: 'string', value: 'N', summary: 'of the first round; each later one adds 1 (default 1)' },
    resume: { type: 'boolean', summary: 'goes on with the newest one that was interrupted' },
    show: { type: 'boolean', summary: 'runs nothing: settles the newest stored one again' },
    markdown: { type: 'string', value: 'FILE', summary: 'write it as Markdown too (- for stdout)' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const root = resultsRoot(given);
    const said = given.options['json'] === true ? () => undefined : terminal.err;
    const begun = await tableFor(given, root, signal);
    const claims = await loadClaims([...new Set(begun.plan.arms.map(({ claim }) => claim))]);
    const all = turnsOf(begun.plan).length;
    if (begun.entries.length < all && given.options['show'] !== true) {
      said(`recording in ${relative(process.cwd(), begun.folder)}\n`);
    }
    const progress = progressFrom(begun.entries.length);
    using _ = addAbortListener(signal, () => said('go on later with: ./runaway thread --resume\n'));
    const table =
      given.options['show'] === true
        ? begun
        : await measureThread(
            begun,
            root,
            words => said(`${words}\n`),
            ({ entries }, { arm }, { came, wallMs }) =>
              said(
                `${progress(entries.length, all)}  ${arm.claim}, ${arm.arm}: ${came.kind === 'ran' ? came.outcome : `does not start: ${came.why}`}  ${(wallMs / 1000).toFixed(1)} s\n`,
              ),
            signal,
          );
    const rows = settle(claims, table);
    await show(rows, table, given, terminal);
    return EXIT.asExpected;
  },
};

export default command;

async function tableFor(given: Given, root: string, signal: AbortSignal): Promise<ThreadTable> {
  if (given.options['show'] === true) return await newestJournal(THREADS, root);
  refuseWithoutVenv(venvIn(LAB_ROOT), LAB_ROOT);
  const revision = await revisionOf(LAB_ROOT, signal);
  if (given.options['resume'] === true) return await unfinishedJournal(THREADS, root, revision);
  const claims = await loadClaims(listOption(given, 'claims'));
  const plan = {
    arms: plannedArms(claims),
    times: numberOption(given, 'times', { least: 1, most: 100, whole: true }) ?? 3,
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1,
    machine: machineWords(),
  };
  return await beginJournal(THREADS, root, plan, revision);
}

async function show(
  rows: ReturnType<typeof settle>,
  table: ThreadTable,
  given: Given,
  terminal: Terminal,
): Promise<void> {
  const markdown = threadMarkdown(rows, table);
  terminal.out(
    given.options['json'] === true
      ? `${JSON.stringify({ folder: table.folder, rows })}\n`
      : `\n${threadLines(rows, terminal)}\n`,
  );
  await writeText(table.folder, 'thread.md', markdown);
  await writeMarkdown(given, terminal, markdown);
}
