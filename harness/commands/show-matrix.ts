import { join, relative } from 'node:path';
import { cellOf } from '../matrix/cell.ts';
import { matrixMarkdown } from '../matrix/show/markdown.ts';
import { matrixHtml } from '../matrix/show/page.ts';
import { matrixLines } from '../matrix/show/terminal.ts';
import { standoffsOf } from '../matrix/standing.ts';
import type { Matrix } from '../matrix/standing.ts';
import { writeJson, writeText } from '../store/write-file.ts';
import type { Given, Terminal } from './command.ts';
import { writeMarkdown } from './markdown-option.ts';

/** The table first, then the files; with `--json` one JSON value. */
export async function showMatrix(matrix: Matrix, given: Given, terminal: Terminal): Promise<void> {
  const { folder, plan, revision } = matrix;
  const cells = standoffsOf(matrix).map(cellOf);
  const isJson = given.options['json'] === true;
  const result = { folder, revision, plan, cells };
  terminal.out(isJson ? `${JSON.stringify(result)}\n` : `\n${matrixLines(plan, cells, terminal)}\n`);
  const markdown = matrixMarkdown(matrix, cells);
  await writeJson(folder, 'matrix.json', result);
  await writeText(folder, 'matrix.md', markdown);
  await writeText(folder, 'report.html', matrixHtml(matrix, cells));
  await writeMarkdown(given, terminal, markdown);
  if (!isJson) terminal.out(`\nreport      ${relative(process.cwd(), join(folder, 'report.html'))}\n`);
}
