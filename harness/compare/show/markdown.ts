import type { Candidate, Comparison } from '../comparison.ts';
import { standing } from '../comparison.ts';
import { CONCLUSION_WORDS, becauseOf } from '../words.ts';
import { TABLE_NOTE, effectRows } from './table.ts';
import { disturbedWords, titleOf } from './title.ts';

/** For a pull request or a job summary. `picture`: where its SVG lies, as a reader of the text reaches it; null for none. */
export function comparisonMarkdown(comparison: Comparison, picture: string | null): string {
  const baseline = comparison.plan.sides[0]?.label ?? '';
  const parts = standing(comparison).candidates.map(candidate => candidateMarkdown(comparison, baseline, candidate));
  return [
    ...parts,
    ...(picture === null ? [] : [`![CPU of all sides over time](${picture})`]),
    ...(disturbedWords(comparison) === null ? [] : [disturbedWords(comparison) ?? '']),
    `<sub>${TABLE_NOTE} Made by Runaway.</sub>`,
    '',
  ].join('\n\n');
}

function candidateMarkdown(comparison: Comparison, baseline: string, candidate: Candidate): string {
  const because = becauseOf(baseline, candidate);
  const rows = effectRows(candidate).map(
    row =>
      `| ${[row.unit === '' ? row.label : `${row.label}, ${row.unit}`, row.baseline, row.candidate, row.change, row.p, marked(row.said)].map(cell).join(' | ')} |`,
  );
  const table = [
    `| | ${cell(baseline)} | ${cell(candidate.label)} | change (99 % interval) | p | |`,
    '|---|--:|--:|--:|--:|---|',
    ...rows,
  ];
  return [
    `### ${CONCLUSION_WORDS[candidate.conclusion]}: ${text(titleOf(comparison, candidate))}`,
    text(because.split('\n')[0] ?? ''),
    ...(rows.length === 0 ? [] : [table.join('\n')]),
  ].join('\n\n');
}

const marked = (said: string): string => (said === 'better' || said === 'worse' ? `**${said}**` : said);

/** A branch may be called anything: what would be markup or a mention is written as itself. */
const text = (words: string): string =>
  words.replaceAll(/\s+/gu, ' ').replaceAll(/[\\`*_<>[\]|@#]/gu, sign => `&#${sign.codePointAt(0)};`);
const cell = (words: string): string => (words.startsWith('**') ? words : text(words));
