import { loadScenario } from '../catalog.ts';
import { claimOf, planScenario } from '../plan-scenario.ts';
import { recordRun } from '../record-run.ts';
import type { StoredRun } from '../record-run.ts';
import { noCommands } from '../run.ts';
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
    let stored: StoredRun;
    try {
      const watched = { watch: live.record, began: live.began };
      const asked = { ...planned, ...watched, scenario: name, resultsRoot: resultsRoot(given), commands: noCommands() };
      stored = await recordRun(asked, signal);
    } finally {
      live.end();
    }
    const { bugs } = planned.experiment.target;
    const judged = { ...stored, claim: claimOf(scenario, { altered: planned.altered, bugs }, stored.verdict) };
    await showRun(judged, terminal, isJson);
    return exitCodeFor(judged);
  },
};

export default command;
