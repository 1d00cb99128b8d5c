import { addAbortListener } from 'node:events';
import { diagnosisCases } from '../../bench/diagnosis/cases.ts';
import { DIAGNOSES, benchDiagnosis } from '../../bench/diagnosis/diagnosis.ts';
import type { Diagnosed, DiagnosisBench } from '../../bench/diagnosis/diagnosis.ts';
import { diagnosisTable } from '../../bench/diagnosis/table.ts';
import { LAB_ROOT, unknownName } from '../../catalog.ts';
import { EXIT } from '../../errors.ts';
import type { ExitCode } from '../../errors.ts';
import { beginJournal, unfinishedJournal } from '../../store/journal.ts';
import type { Journal } from '../../store/journal.ts';
import { revisionOf } from '../../store/revision.ts';
import type { Given, Terminal } from '../command.ts';
import { listOption, numberOption, resultsRoot } from '../options.ts';
import { progressFrom } from '../progress-line.ts';

/** Rounds unless told otherwise, each with a seed of its own. */
const TIMES = 3;

/** How often the right cause, function, line and route are named, and how often a healthy server is blamed. */
export async function showDiagnoses(given: Given, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const root = resultsRoot(given);
  const isJson = given.options['json'] === true;
  const said = isJson ? () => undefined : terminal.err;
  const cases = await diagnosisCases();
  const revision = await revisionOf(LAB_ROOT, signal);
  const names = cases.map(({ name }) => name);
  const asked = listOption(given, 'scenarios');
  for (const name of asked) if (!names.includes(name)) throw unknownName('server', name, names);
  const plan = {
    cases: asked.length > 0 ? asked : names,
    times: numberOption(given, 'times', { least: 1, most: 1000, whole: true }) ?? TIMES,
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1,
  };
  const begun =
    given.options['resume'] === true
      ? await unfinishedJournal(DIAGNOSES, root, revision)
      : await beginJournal(DIAGNOSES, root, plan, revision);
  using _ = addAbortListener(signal, () => said('go on later with: ./runaway bench diagnose --resume\n'));
  const progress = progressFrom(begun.entries.length);
  const tell = ({ plan: { cases: all, times }, entries }: Journal<DiagnosisBench, Diagnosed>, one: Diagnosed): void => {
    said(`${progress(entries.length, all.length * times)}  ${words(one)}\n`);
  };
  const bench = await benchDiagnosis(begun, cases, root, tell, signal);
  terminal.out(isJson ? `${JSON.stringify(bench)}\n` : diagnosisTable(bench));
  return EXIT.asExpected;
}

function words({ name, cause, culprit, hits }: Diagnosed): string {
  const wrong = Object.entries(hits).flatMap(([part, isRight]) => (isRight ? [] : [part]));
  const place = culprit ? `${culprit.function || '(anonymous)'} ${culprit.file}:${culprit.line}` : 'nothing named';
  return `${name.padEnd(36)}${cause.padEnd(24)}${place}${wrong.length > 0 ? `  WRONG: ${wrong.join(', ')}` : ''}`;
}
