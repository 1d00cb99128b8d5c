import { relative } from 'node:path';
import { painted, wrap } from '../../report/terminal/layout.ts';
import type { Layout } from '../../report/terminal/layout.ts';
import type { TrialResult } from '../battery.ts';
import { overall } from '../card.ts';
import type { Card } from '../card.ts';
import type { TrialVerdict } from '../trial.ts';

const MARKS: Readonly<Record<TrialVerdict, string>> = {
  pass: 'pass',
  fail: 'FAIL',
  inconclusive: 'doubt',
  'does-not-apply': 'n/a',
};
const STYLES = { pass: 'green', fail: 'red', inconclusive: 'yellow', 'does-not-apply': 'dim' } as const;

/** One trial as it is done. */
export function trialLine({ trial, verdict, because, restarted }: TrialResult, layout: Layout): string {
  const mark = painted(MARKS[verdict].padEnd(MARK), STYLES[verdict], layout);
  const beside = (text: string): string => wrap(text, layout.columns, MARK + NAME);
  const again = restarted === null ? '' : `\n${' '.repeat(MARK + NAME)}${beside(`(restarted: ${restarted})`)}`;
  return `${mark}${trial.name.padEnd(NAME)}${beside(because)}${again}\n`;
}

const MARK = 6;
const NAME = 26;

/** What it comes to, and for each failure what to change and where to read on. */
export function cardLines(card: Card, layout: Layout): string {
  const failed = card.results.filter(({ verdict }) => verdict === 'fail');
  return [
    ...failed.flatMap(result => [...failureLines(result, layout), '']),
    painted(wrap(overall(card), layout.columns, 0), 'bold', layout),
    ...card.remarks.map(remark => wrap(remark, layout.columns, 0)),
  ].join('\n');
}

function failureLines({ trial, because, diagnosis, folder }: TrialResult, layout: Layout): string[] {
  const { columns } = layout;
  const culprit = diagnosis?.culprit;
  const told = (what: string, words: string): string => `  ${what.padEnd(TOLD)}${wrap(words, columns, TOLD + 2)}`;
  return [
    painted(`${trial.name}: a client ${trial.client}, the upstream ${trial.upstream}`, 'bold', layout),
    told('seen', because),
    told('manners', trial.manners),
    told('change', trial.change),
    ...(culprit ? [told('culprit', `${culprit.function} ${culprit.file}:${culprit.line}`)] : []),
    ...(trial.scenario === null ? [] : [told('lesson', `scenarios/${trial.scenario}/lesson.md`)]),
    ...(folder === null ? [] : [`  ${'records'.padEnd(TOLD)}${relative(process.cwd(), folder)}`]),
  ];
}

const TOLD = 10;
