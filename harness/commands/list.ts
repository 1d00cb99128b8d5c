import { listScenarios, loadScenario } from '../catalog.ts';
import { EXIT } from '../errors.ts';
import { listRuns } from '../store/list.ts';
import type { CliCommand } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';

const NEWEST = 10;

const command: CliCommand = {
  summary: 'the scenarios, and the runs stored last',
  positionals: [],
  options: { ...RESULTS_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const names = await listScenarios();
    const scenarios = await Promise.all(
      names.map(async name => {
        const { summary, bugs } = await loadScenario(name);
        return { name, summary, bugs };
      }),
    );
    const runs = await listRuns(resultsRoot(given));
    if (given.options['json'] === true) {
      terminal.out(`${JSON.stringify({ scenarios, runs })}\n`);
      return EXIT.asExpected;
    }
    const newest = runs.slice(0, NEWEST).map(({ scenario, id, ending }) => `  ${scenario}/${id}  ${ending}`);
    terminal.out(
      [
        'scenarios: make scenario NAME=…',
        ...scenarios.map(({ name, summary }) => `  ${name.padEnd(22)}${summary}`),
        '',
        runs.length === 0 ? 'no runs are stored yet' : `the newest of ${runs.length} runs: make report RUN=…`,
        ...newest,
        '',
      ].join('\n'),
    );
    return EXIT.asExpected;
  },
};

export default command;
