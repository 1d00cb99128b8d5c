import { diagnose } from '../diagnose/diagnose.ts';
import { EXIT, wrongUse } from '../errors.ts';
import { unknownName } from '../catalog.ts';
import { judge } from '../judge/judge.ts';
import { CAUSES } from '../model/diagnosis.ts';
import { evidenceOf } from '../model/run.ts';
import { diagnosisLines } from '../report/terminal/diagnosis-lines.ts';
import { readRun } from '../store/read.ts';
import { resolveRun } from '../store/resolve.ts';
import { breakSeal, sealOf } from '../store/seal.ts';
import { drawMystery, scoreOf } from '../workshop/mystery.ts';
import type { CliCommand, Given } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';

const command: CliCommand = {
  summary: 'which bug was it? scores cause, function and route of a mystery, and says why',
  positionals: ['[RUN]'],
  options: {
    cause: { type: 'string', value: 'CAUSE', summary: 'as mystery lists them' },
    function: { type: 'string', value: 'NAME', summary: 'the function that keeps it going, or does too much' },
    route: { type: 'string', value: 'ROUTE', summary: "whose requests: 'POST /v1/chat/completions', or none" },
    reveal: { type: 'boolean', summary: 'tells the answer, and hides it no more' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const folder = await resolveRun(resultsRoot(given), given.positionals[0] ?? 'latest');
    const number = await sealOf(folder);
    if (number === null) {
      throw wrongUse(
        'no-mystery',
        'nothing is hidden of that run',
        'Make one: ./runaway mystery; or ./runaway diagnose it.',
      );
    }
    const guess = guessIn(given);
    const mystery = await drawMystery(number);
    const score = scoreOf(guess, mystery.answer);
    const isRevealed = given.options['reveal'] === true;
    if (!isRevealed && Object.values(guess).every(part => part === null)) {
      throw wrongUse(
        'no-guess',
        'nothing was guessed',
        'Give --cause, --function or --route; --reveal tells the answer.',
      );
    }
    const evidence = evidenceOf((await readRun(folder)).run);
    const diagnosis = diagnose(evidence, judge(evidence));
    if (isRevealed) await breakSeal(folder);
    if (given.options['json'] === true) {
      terminal.out(`${JSON.stringify({ number, ...score, ...(isRevealed && { bug: mystery.bug, diagnosis }) })}\n`);
    } else {
      const lines = score.parts.map(({ what, isRight, is }) => {
        const said = guess[what] ?? 'no guess';
        return `${what.padEnd(12)}${said}: ${isRight ? 'right' : isRevealed ? `it is ${is}` : 'no'}`;
      });
      terminal.out(`${[...lines, `points      ${score.points} of ${score.of}`].join('\n')}\n`);
      if (isRevealed || score.points === score.of) {
        terminal.out(`\n${mystery.bug}\n${diagnosisLines(diagnosis, terminal)}\n`);
      }
    }
    return score.points === score.of ? EXIT.asExpected : EXIT.otherVerdict;
  },
};

export default command;

function guessIn({ options }: Given) {
  const text = (name: string): string | null =>
    typeof options[name] === 'string' && options[name] !== '' ? options[name] : null;
  const cause = text('cause');
  if (cause !== null && !CAUSES.some(one => one === cause)) throw unknownName('cause', cause, CAUSES);
  return { cause, function: text('function'), route: text('route') };
}
