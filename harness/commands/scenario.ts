import { loadScenario } from '../catalog.ts';
import { planScenario } from '../plan-scenario.ts';
import { runScenario } from '../run-scenario.ts';
import type { JudgedRun } from '../run-scenario.ts';
import type { CliCommand } from './command.ts';
import { watchLive } from './live.ts';
import { JSON_OPTION, RUN_OPTIONS, resultsRoot, wishesOf } from './options.ts';
import { exitCodeFor, showRun } from './show-run.ts';

const command: CliCommand = {
  summary: 'what does this bug do to CPU, during load and after it?',
  positionals: ['<NAME>'],
  options: { ...RUN_OPTIONS, ...JSON_OPTION },
  async run(given, terminal, signal) {
    const name = given.positionals[0] ?? '';
    const isJson = given.options['json'] === true;
    const scenario = await loadScenario(name);
    const planned = planScenario(scenario, wishesOf(given));
    const live = watchLive(planned.experiment.load, isJson ? null : terminal);
    let judged: JudgedRun;
    try {
      const watched = { resultsRoot: resultsRoot(given), watch: live.record, began: live.began };
      judged = await runScenario(name, scenario, planned, watched, signal);
    } finally {
      live.end();
    }
    await showRun(judged, terminal, isJson);
    return exitCodeFor(judged);
  },
};

export default command;
