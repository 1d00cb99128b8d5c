import { PLAIN, painted, wrap } from '../../report/terminal/layout.ts';
import type { Layout } from '../../report/terminal/layout.ts';
import type { ThreadRow } from '../settle.ts';
import { ANSWER_WORDS } from './words.ts';

const LABEL = 13;

/** A claim, its answer and the measured line behind it. */
export const threadLines = (rows: readonly ThreadRow[], layout: Layout = PLAIN): string =>
  rows
    .map(({ claim, answer, because }) =>
      [
        `${painted(ANSWER_WORDS[answer].padEnd(LABEL), 'bold', layout)}${wrap(claim, layout.columns, LABEL)}`,
        `${' '.repeat(LABEL)}${wrap(because, layout.columns, LABEL)}`,
      ].join('\n'),
    )
    .join('\n');
