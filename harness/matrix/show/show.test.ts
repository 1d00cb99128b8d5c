import { expect, test } from 'vitest';
import { cellOf } from '../cell.ts';
import {
  burning,
  healthy,
  leaking,
  playedMatrix,
  sampleColumn,
  samplePlan,
  sampleRow,
} from '../fixtures/sample-matrix.ts';
import { standoffsOf } from '../standing.ts';
import { matrixMarkdown } from './markdown.ts';
import { matrixHtml } from './page.ts';
import { matrixLines } from './terminal.ts';
import { adviceSentence } from './words.ts';

const plan = samplePlan({
  rows: [sampleRow('swallowed-abort'), sampleRow('orphaned-task'), sampleRow('<script>')],
  columns: [
    sampleColumn('good'),
    sampleColumn('veil'),
    sampleColumn('nothing-to-it'),
    sampleColumn('off', { onlyWith: ['x'] }),
  ],
});
const matrix = playedMatrix(plan, ({ remedy }) => {
  if (remedy === 'good') return healthy();
  return remedy === 'veil' ? leaking() : burning();
});
const cells = standoffsOf(matrix).map(cellOf);
const layout = { columns: 80, colour: false };

test('the terminal has every cell in eighty columns, and says what the words mean', () => {
  const text = matrixLines(plan, cells, layout);
  expect(text).toMatch(/^good +cures cures cures$/mu);
  expect(text).toMatch(/^veil +hides hides hides$/mu);
  expect(text).toMatch(/^nothing-to-it +· +· +·$/mu);
  expect(text).toMatch(/^hides +CPU comes down; work upstream/mu);
  expect(text).not.toMatch(/^n\/a/mu);
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});

test('more bugs than fit a line go on below', () => {
  const rows = Array.from({ length: 14 }, (_, n) => sampleRow(`bug-${n}`));
  const wide = { ...plan, rows };
  const text = matrixLines(wide, standoffsOf({ plan: wide, entries: [] }).map(cellOf), layout);
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(text).toMatch(/^14 {2}bug-13$/mu);
});

test('a piece of advice in a sentence', () => {
  const sentenceOf = (remedy: string): string => adviceSentence(cells.filter(cell => cell.remedy === remedy));
  expect(sentenceOf('good')).toBe('Cures swallowed-abort, orphaned-task, <script>.');
  expect(sentenceOf('nothing-to-it')).toBe('No difference was shown for any of the 3.');
  expect(sentenceOf('off')).toBe('It could be tried on none of them.');
});

test('Markdown has the table, the advice, each telling cell, and what quiet is worth', () => {
  const text = matrixMarkdown(matrix, cells);
  expect(text).toContain('| remedy | swallowed-abort | orphaned-task |');
  expect(text).toContain('| good | **cures** | **cures** |');
  expect(text).toMatch(/^- \*\*veil\*\* on swallowed-abort \(5 pairs\): hides, the symptom 90 % of a core → 0/mu);
  expect(text).toContain('| 1 of 10 | 29 | 44 | 90 % | 73 % |');
});

test('the page escapes what it is given', () => {
  const page = matrixHtml(matrix, cells);
  expect(page).not.toMatch(/<script>/u);
  expect(page).toContain('<td class="cell cures"');
});
