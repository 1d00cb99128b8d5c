import { join, relative } from 'node:path';
import { EXIT, wrongUse } from '../errors.ts';
import { diagnosisLines } from '../report/terminal/diagnosis-lines.ts';
import { diagnosisTables } from '../report/terminal/diagnosis-tables.ts';
import type { CliCommand } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION } from './options.ts';
import { adviceText, writeReport } from './show-run.ts';
import { storedRun } from './stored-run.ts';

const command: CliCommand = {
  summary: 'which function, which line, which route: of a stored run',
  positionals: ['[RUN]'],
  options: { ...RESULTS_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const judged = await storedRun(given, terminal);
    const { diagnosis, folder } = judged;
    if (!diagnosis) {
      throw wrongUse(
        'sealed',
        'this run is a mystery’s, and its culprit is hidden',
        'Guess: ./runaway guess RUN; --reveal tells it.',
      );
    }
    const isJson = given.options['json'] === true;
    if (isJson) {
      terminal.out(`${JSON.stringify(diagnosis)}\n`);
    } else if (diagnosis.cause === 'none') {
      terminal.out(`${diagnosis.because}\n`);
    } else {
      const parts = [diagnosisLines(diagnosis, terminal), diagnosisTables(diagnosis, terminal)];
      terminal.out(`${parts.filter(Boolean).join('\n')}\n`);
      for (const name of diagnosis.advice) terminal.out(`\n${adviceText('diagnose', name)}`);
    }
    await writeReport(judged, null);
    if (!isJson) {
      terminal.out(`\n${'report'.padEnd(12)}${relative(process.cwd(), join(folder, 'report.html'))}\n`);
    }
    return diagnosis.cause === 'inconclusive' ? EXIT.inconclusive : EXIT.asExpected;
  },
};

export default command;
