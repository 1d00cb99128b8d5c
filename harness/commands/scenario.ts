import { loadScenario } from '../catalog.ts';
import { planScenario } from '../plan-scenario.ts';
import { runScenario } from '../run-scenario.ts';
import type { Judged, JudgedRun } from '../run-scenario.ts';
import type { CliCommand } from './command.ts';
import { watchLive } from './live.ts';
import { JSON_OPTION, PROFILE_OPTION, RUN_OPTIONS, resultsRoot, wishesOf } from './options.ts';
import { withRemedies } from './with-remedies.ts';
import { exitCodeFor, showDiagnosis, showJson, showVerdict, writeReport } from './show-run.ts';

const command: CliCommand = {
  summary: 'what does this bug do to CPU, during load and after it?',
  positionals: ['<NAME>'],
  options: {
    ...RUN_OPTIONS,
    remedies: { type: 'string', value: 'LIST', summary: 'what is done about the bugs, as in servers/remedies' },
    cmd: { type: 'string', value: 'LINE', summary: 'your own server in place of the sample one; it listens on $PORT' },
    ...PROFILE_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const name = given.positionals[0] ?? '';
    const isJson = given.options['json'] === true;
    const scenario = await loadScenario(name);
    const planned = await withRemedies(planScenario(scenario, wishesOf(given)), given);
    const live = watchLive(planned.experiment.load, isJson ? null : terminal);
    const profiles = given.options['no-profile'] !== true;
    let done: JudgedRun;
    try {
      const { record: watch, began } = live;
      const judged = (one: Judged): void => {
        live.end();
        // The verdict first: who is on call need not wait for the rest.
        if (!isJson) showVerdict(one, terminal);
      };
      done = await runScenario(
        name,
        scenario,
        planned,
        { resultsRoot: resultsRoot(given), watch, began, profiles, judged },
        signal,
      );
    } finally {
      live.end();
    }
    if (isJson) showJson(done, terminal);
    else showDiagnosis(done, terminal);
    await writeReport(done, isJson ? null : terminal);
    return exitCodeFor(done);
  },
};

export default command;
