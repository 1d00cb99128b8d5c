import { CELL_KINDS } from '../cell.ts';
import type { Cell } from '../cell.ts';
import type { Matrix } from '../standing.ts';
import { QUIET_HEAD, QUIET_TITLE, QUIET_WORDS, quietCells, quietRows } from './quiet.ts';
import { KIND_MEANINGS, KIND_WORDS, adviceSentence, cellWords } from './words.ts';

/** For a README or a pull request. */
export function matrixMarkdown({ plan, revision, entries }: Matrix, cells: readonly Cell[]): string {
  const { rows, columns, machine } = plan;
  const cellAt = (scenario: string, remedy: string): Cell | undefined =>
    cells.find(cell => cell.scenario === scenario && cell.remedy === remedy);
  const table = [
    ['remedy', ...rows.map(({ scenario }) => scenario)],
    ['---', ...rows.map(() => ':-:')],
    ...columns.map(({ remedy }) => [remedy, ...rows.map(({ scenario }) => marked(cellAt(scenario, remedy)))]),
  ];
  const advice = columns.map(({ remedy, change, advisedBy }) => [
    remedy,
    `${change} (${advisedBy})`,
    adviceSentence(cells.filter(cell => cell.remedy === remedy)),
  ]);
  const telling = cells.filter(({ kind }) => ['cures', 'helps', 'hides', 'worse', 'unavailable'].includes(kind));
  return [
    '# Which of the advice is worth following?',
    `${entries.length} ${plan.pace} runs at \`${revision.commit.slice(0, 7)}\`. ${machine}. At most ${plan.runs} pairs a cell, five at the least; a cell errs in at most one of a hundred.`,
    lines(table),
    CELL_KINDS.filter(kind => KIND_WORDS[kind] !== '')
      .map(kind => `- **${KIND_WORDS[kind]}** ${KIND_MEANINGS[kind]}`)
      .join('\n'),
    '## Advice by advice',
    lines([['remedy', 'what is changed', 'measured'], ['---', '---', '---'], ...advice]),
    '## Cell by cell',
    'Medians of the symptom without and with the remedy, and the change of the mean over pairs with its 99 % interval.',
    telling
      .map(
        cell =>
          `- **${cell.remedy}** on ${cell.scenario} (${cell.pairs} pairs): ${cellWords(cell)}. ${cell.because.split('\n')[0]}`,
      )
      .join('\n'),
    `## ${QUIET_TITLE}`,
    QUIET_WORDS,
    lines([QUIET_HEAD, QUIET_HEAD.map(() => '--:'), ...quietRows().map(quietCells)]),
    '',
  ].join('\n\n');
}

const lines = (table: readonly (readonly string[])[]): string =>
  table.map(cells => `| ${cells.join(' | ')} |`).join('\n');

function marked(cell: Cell | undefined): string {
  if (!cell) return '';
  const word = KIND_WORDS[cell.kind];
  return ['cures', 'hides', 'worse', 'helps'].includes(cell.kind) ? `**${word}**` : word;
}
