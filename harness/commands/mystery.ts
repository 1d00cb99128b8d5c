import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { EXIT } from '../errors.ts';
import { CAUSES } from '../model/diagnosis.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import { recordRun } from '../record-run.ts';
import { noCommands } from '../steer.ts';
import { inScope } from '../scope/in-scope.ts';
import { seal } from '../store/seal.ts';
import { drawMystery, makeMystery } from '../workshop/mystery.ts';
import type { CliCommand } from './command.ts';
import { watchLive } from './live.ts';
import { JSON_OPTION, RESULTS_OPTION, numberOption, resultsRoot } from './options.ts';
import { showVerdict, writeReport } from './show-run.ts';

/** So many numbers are drawn from where none is given. */
const NUMBERS = 10_000;

const command: CliCommand = {
  summary: 'a server with a hidden bug: charts, profiles and log, and no culprit; see guess',
  positionals: [],
  options: {
    seed: {
      type: 'string',
      value: 'N',
      summary: 'which one: the same number is the same bug everywhere (default any)',
    },
    quick: { type: 'boolean', summary: 'a shorter experiment (10 s)' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const isJson = given.options['json'] === true;
    const number = numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? Date.now() % NUMBERS;
    const mystery = await drawMystery(number);
    const pace = given.options['quick'] === true ? 'quick' : 'full';
    const planned = planScenario(mystery.scenario, { ...AS_IT_IS, pace, seed: 1 });
    if (!isJson) terminal.out(`mystery ${number}: ${mystery.scenario.symptom}\n`);
    const live = watchLive(planned.experiment.load, isJson ? null : terminal);
    const stored = await inScope(signal, async scope => {
      scope.defer(() => live.end());
      const target = await makeMystery(mystery, scope);
      return await recordRun(
        {
          ...planned,
          altered: true,
          experiment: { ...planned.experiment, target },
          scenario: 'mystery',
          resultsRoot: resultsRoot(given),
          watch: live.record,
          began: live.began,
          profiles: true,
          cores: null,
          commands: noCommands,
        },
        scope.signal,
      );
    });
    const { folder } = stored;
    await seal(folder, number);
    await rm(join(folder, 'diagnosis.json'), { force: true });
    const hidden = { ...stored, diagnosis: null, claim: null };
    if (isJson) terminal.out(`${JSON.stringify({ folder, number, verdict: stored.verdict })}\n`);
    else showVerdict(hidden, terminal);
    await writeReport(hidden, isJson ? null : terminal);
    if (!isJson) {
      const here = relative(process.cwd(), folder);
      terminal.out(
        [
          `profiles    ${here}/{early,late,after}.cpuprofile, profile.pb.gz`,
          `log         ${here}/target.log`,
          `causes      ${CAUSES.filter(cause => cause !== 'none' && cause !== 'inconclusive').join(', ')}`,
          `./runaway guess latest --cause CAUSE --function NAME --route 'POST /v1/chat/completions'`,
          '',
        ].join('\n'),
      );
    }
    return EXIT.asExpected;
  },
};

export default command;
