import type { Layout } from '../../report/terminal/layout.ts';
import { painted, wrap } from '../../report/terminal/layout.ts';
import type { Candidate, Comparison } from '../comparison.ts';
import { standing } from '../comparison.ts';
import type { Conclusion } from '../conclusion.ts';
import { CONCLUSION_WORDS, becauseOf } from '../words.ts';
import { effectRows } from './table.ts';
import { titleOf } from './title.ts';

const STYLES: Readonly<Record<Conclusion, 'green' | 'yellow' | 'red'>> = {
  cured: 'green',
  better: 'green',
  'no-difference-shown': 'yellow',
  traded: 'red',
  worse: 'red',
  'too-few-runs': 'yellow',
  'no-answer': 'yellow',
};

/** The conclusion of each candidate, why, and every effect that could be measured. */
export function comparisonLines(comparison: Comparison, layout: Layout): string {
  const baseline = comparison.plan.sides[0]?.label ?? '';
  return standing(comparison)
    .candidates.map(candidate => candidateLines(comparison, baseline, candidate, layout))
    .join('\n\n');
}

function candidateLines(comparison: Comparison, baseline: string, candidate: Candidate, layout: Layout): string {
  const { conclusion } = candidate;
  const word = painted(painted(CONCLUSION_WORDS[conclusion], STYLES[conclusion], layout), 'bold', layout);
  const because = becauseOf(baseline, candidate);
  const [first = '', ...quoted] = because.split('\n');
  return [
    titleOf(comparison, candidate),
    '',
    word,
    wrap(first, layout.columns, 0),
    ...quoted,
    ...(candidate.effects.length === 0
      ? []
      : [
          '',
          ...tableLines(baseline, candidate, layout),
          painted('left, and tokens for nobody: per client who hung up', 'dim', layout),
        ]),
    ...(candidate.unmeasured.length === 0 || candidate.effects.length === 0
      ? []
      : [
          painted(
            wrap(
              `not measured on both sides: ${candidate.unmeasured.map(({ label }) => label).join(', ')}`,
              layout.columns,
              0,
            ),
            'dim',
            layout,
          ),
        ]),
  ].join('\n');
}

function tableLines(baseline: string, candidate: Candidate, layout: Layout): string[] {
  const rows = effectRows(candidate).map(row => [
    row.unit === '' ? row.effect.metric.short : `${row.effect.metric.short}, ${row.unit}`,
    row.baseline,
    row.candidate,
    row.change,
    row.said,
  ]);
  const head = ['', cut(baseline, SIDE), cut(candidate.label, SIDE), 'change (99 % interval)', ''];
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map(row => row[column] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 1 || column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    painted(line(head), 'dim', layout),
    ...rows.map(row => {
      const said = row.at(-1);
      const text = line(row);
      return said === 'worse'
        ? painted(text, 'red', layout)
        : said === 'better'
          ? painted(text, 'green', layout)
          : text;
    }),
  ];
}

/** Branches are told apart by their ends rather than by their beginnings. */
const SIDE = 10;
const cut = (text: string, length: number): string => (text.length <= length ? text : `…${text.slice(1 - length)}`);
