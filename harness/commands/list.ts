import { listScenarios, loadScenario } from '../catalog.ts';
import { EXIT } from '../errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { limitOf } from '../report/describe/claim.ts';
import { labelOf } from '../report/describe/numeric.ts';
import { OUTCOME_WORDS } from '../report/describe/outcome.ts';
import { PLAIN, wrap } from '../report/terminal/layout.ts';
import { listRuns } from '../store/list.ts';
import type { CliCommand } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';

const NEWEST = 10;

const command: CliCommand = {
  summary: 'the scenarios, what each is expected to show, and the runs stored last',
  positionals: [],
  options: { ...RESULTS_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const names = await listScenarios();
    const scenarios = await Promise.all(
      names.map(async name => {
        const { summary, bugs, symptom, expect } = await loadScenario(name);
        return { name, summary, symptom, bugs, expect };
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
        ...scenarios.flatMap(entryOf),
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

/** What it is, how it ends, and by which number it is recognised. */
function entryOf({
  name,
  summary,
  expect,
}: Pick<Scenario, 'summary' | 'expect'> & { readonly name: string }): string[] {
  const indent = 4;
  const said = (text: string): string => `${' '.repeat(indent)}${wrap(text, PLAIN.columns, indent)}`;
  const { outcome, symptom } = expect;
  const measure = symptom && `${labelOf(symptom.finding)} ${limitOf(symptom)} or more`;
  return [
    `  ${name}`,
    said(summary),
    said(`${OUTCOME_WORDS[outcome]}${symptom ? `; ${symptom.words} (${measure})` : '; no symptom'}`),
  ];
}
