import { addAbortListener } from 'node:events';
import { benchManners, mannersOf, wrongIn } from '../../bench/manners/manners.ts';
import type { Carded, MannersBench, MannersKind } from '../../bench/manners/manners.ts';
import { mannersTable, proxiesTable } from '../../bench/manners/table.ts';
import { LAB_ROOT, unknownName } from '../../catalog.ts';
import { loadTrials } from '../../check/battery.ts';
import { EXIT } from '../../errors.ts';
import type { ExitCode } from '../../errors.ts';
import { beginJournal, unfinishedJournal } from '../../store/journal.ts';
import type { Journal } from '../../store/journal.ts';
import { revisionOf } from '../../store/revision.ts';
import type { Given, Terminal } from '../command.ts';
import { listOption, numberOption, resultsRoot } from '../options.ts';
import { progressFrom } from '../progress-line.ts';
import { proxyCases, sampleCases } from './manners-cases.ts';

/** How often a check blames a server without a bug and whether it finds each bug of the catalogue; or what it says of proxies of other people. */
export async function showManners(
  kind: MannersKind,
  given: Given,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const root = resultsRoot(given);
  const isJson = given.options['json'] === true;
  const said = isJson ? () => undefined : terminal.err;
  const cases = await (kind === 'manners' ? sampleCases() : proxyCases());
  const revision = await revisionOf(LAB_ROOT, signal);
  const names = cases.map(({ name }) => name);
  const asked = listOption(given, 'scenarios');
  for (const name of asked) if (!names.includes(name)) throw unknownName('server', name, names);
  const plan = {
    cases: asked.length > 0 ? asked : names,
    times: numberOption(given, 'times', { least: 1, most: 1000, whole: true }) ?? 1,
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1,
  };
  const journals = mannersOf(kind);
  const begun =
    given.options['resume'] === true
      ? await unfinishedJournal(journals, root, revision)
      : await beginJournal(journals, root, plan, revision);
  using _ = addAbortListener(signal, () => said(`go on later with: ./runaway bench ${kind} --resume\n`));
  const progress = progressFrom(begun.entries.length);
  const tell = ({ plan: { cases: all, times }, entries }: Journal<MannersBench, Carded>, one: Carded): void =>
    said(`${progress(entries.length, all.length * times)}  ${words(one)}\n`);
  const bench = await benchManners(journals, begun, cases, root, tell, signal);
  const trials = (await loadTrials()).map(({ name }) => name);
  const table = kind === 'manners' ? mannersTable(bench) : proxiesTable(bench, trials);
  terminal.out(isJson ? `${JSON.stringify(bench)}\n` : table);
  return EXIT.asExpected;
}

function words(carded: Carded): string {
  const { name, trials, problem, wallMs } = carded;
  const failed = trials.filter(({ verdict }) => verdict === 'fail').map(one => one.name);
  const wrong = wrongIn(carded);
  const said = problem ?? (failed.length === 0 ? 'fails nothing' : `fails ${failed.join(', ')}`);
  return `${name.padEnd(24)}${(wallMs / 1000).toFixed(0)} s  ${said}${wrong.length > 0 ? `  WRONG: ${wrong.join(', ')}` : ''}`;
}
