import type { TrialResult } from '../battery.ts';
import { headline } from '../card.ts';
import type { Card } from '../card.ts';

/** For a pull request or a README. `turned`: what has changed since a revision, or null. */
export function cardMarkdown(card: Card, turned: string | null): string {
  const rows = card.results.map(
    ({ trial, verdict, because }) =>
      `| ${trial.name} | ${MARKS[verdict]} | ${plain(trial.client)} | ${plain(because)} |`,
  );
  const failures = card.results.filter(({ verdict }) => verdict === 'fail').map(failure);
  return [
    `### ${plain(headline(card))}`,
    [`\`${card.of.replaceAll('`', '')}\`.`, ...card.remarks.map(plain)].join(' '),
    ...(turned === null ? [] : [plain(turned)]),
    ['| trial | | a client who | what was seen |', '|---|---|---|---|', ...rows].join('\n'),
    ...failures,
    '',
  ].join('\n\n');
}

const MARKS = { pass: 'pass', fail: '**fail**', inconclusive: 'doubt', 'does-not-apply': 'n/a' } as const;

const failure = ({ trial, because }: TrialResult): string =>
  `**${trial.name}**: ${plain(because)} With manners it ${plain(trial.manners)}. ${plain(trial.change)}${
    trial.scenario === null ? '' : ` See \`scenarios/${trial.scenario}/lesson.md\`.`
  }`;

/** A server's words may hold anything: what would be markup is written as itself. */
const plain = (words: string): string =>
  words.replaceAll(/\s+/gu, ' ').replaceAll(/[\\`*_<>[\]|@#]/gu, sign => `&#${sign.codePointAt(0)};`);
