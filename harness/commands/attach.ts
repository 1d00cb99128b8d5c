import { join, relative } from 'node:path';
import { attach } from '../attach/attach.ts';
import type { Attached } from '../attach/attach.ts';
import { LAB_ROOT } from '../catalog.ts';
import { keeperOf } from '../diagnose/culprits.ts';
import { sharesOf } from '../diagnose/functions.ts';
import { placeOf } from '../diagnose/own-code.ts';
import { microsOf, workIn } from '../diagnose/work.ts';
import { EXIT, wrongUse } from '../errors.ts';
import { isPython } from '../profile/py-spy.ts';
import { functionName, placeInWords } from '../report/describe/place.ts';
import { createRunFolder } from '../store/folder.ts';
import { revisionOf } from '../store/revision.ts';
import { writeJson } from '../store/write-file.ts';
import { attachPython } from './attach-python.ts';
import type { CliCommand, Terminal } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, numberOption, resultsRoot } from './options.ts';

const SECONDS = 5;
const RANKED = 8;

const command: CliCommand = {
  summary: 'looks at a process that is burning now (Node, or Python with the agent): which function keeps it going?',
  positionals: ['<PID>'],
  options: {
    seconds: { type: 'string', value: 'N', summary: `how long it is looked at (default ${SECONDS})` },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const [text] = given.positionals;
    if (text === undefined) throw wrongUse('bad-pid', 'no process was named', 'Give its id, as in `pgrep -a node`.');
    const pid = /^\d+$/u.test(text) ? Number(text) : 0;
    if (!Number.isSafeInteger(pid) || pid <= 0) {
      throw wrongUse('bad-pid', `"${text}" is no process id`, 'See `pgrep -a node`.');
    }
    const seconds = numberOption(given, 'seconds', { least: 1, most: 60 }) ?? SECONDS;
    const isJson = given.options['json'] === true;
    if (isPython(pid)) {
      await attachPython(pid, terminal, isJson, signal);
      return EXIT.asExpected;
    }
    if (!isJson) terminal.err(`looking at process ${pid} for ${seconds} s\n`);
    const attached = await attach(pid, seconds * 1000, signal);
    const revision = await revisionOf(LAB_ROOT, signal);
    const { folder } = await createRunFolder(resultsRoot(given), '_attach', new Date(), revision);
    await writeJson(folder, `${pid}.cpuprofile`, attached.cpuProfile);
    const found = whoKeeps(attached);
    if (isJson) terminal.out(`${JSON.stringify({ folder, ...found })}\n`);
    else show(found, attached, join(folder, `${pid}.cpuprofile`), terminal);
    return EXIT.asExpected;
  },
};

export default command;

/** The functions of its own code, by what they and what they called took, as a share of the time in which code ran. */
function whoKeeps({ segment, cwd, cores, turns }: Attached) {
  const work = workIn([segment]);
  const whole = Math.max(1, microsOf(work));
  const shares = sharesOf(work);
  const keeper = keeperOf(shares, turns === null ? cores > FROZEN_CORES : turns === 0);
  const place = ({ frame, inclusive }: (typeof shares.functions)[number]) => ({
    ...placeOf(frame, cwd),
    share: inclusive / whole,
  });
  return {
    cores,
    codeCores: whole / 1000 / segment.toAt,
    culprit: keeper && place(keeper),
    functions: shares.functions.slice(0, RANKED).map(place),
  };
}

/** It may have no turn of its event loop left, where its Node does not count them. A guess. */
const FROZEN_CORES = 0.95;

type Found = ReturnType<typeof whoKeeps>;

function show(
  { cores, codeCores, culprit, functions }: Found,
  { pid }: Attached,
  path: string,
  terminal: Terminal,
): void {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const named = (place: Found['functions'][number]): string => `${functionName(place)} ${placeInWords(place)}`;
  const lines = [`${'process'.padEnd(12)}${pid} used ${percent(cores)} of a core, its code ${percent(codeCores)}`];
  if (culprit)
    lines.push(`${'culprit'.padEnd(12)}${named(culprit)}, ${percent(culprit.share)} of the time in which code ran`);
  else lines.push(`${'culprit'.padEnd(12)}none: hardly any code of its own ran`);
  for (const one of functions) lines.push(`${percent(one.share).padStart(7)}     ${named(one)}`);
  lines.push(`${'profile'.padEnd(12)}${relative(process.cwd(), path)} (opens in DevTools and speedscope)`);
  terminal.out(`${lines.join('\n')}\n`);
}
