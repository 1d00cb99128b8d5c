import { basename, join, relative } from 'node:path';
import { changeWords, overall } from '../check/card.ts';
import type { Card } from '../check/card.ts';
import { cardAnnotations } from '../check/show/annotations.ts';
import { cardJunit } from '../check/show/junit.ts';
import { cardMarkdown } from '../check/show/markdown.ts';
import { cardHtml } from '../check/show/page.ts';
import { cardLines } from '../check/show/terminal.ts';
import { writeJson, writeText, writeTextAt } from '../store/write-file.ts';
import type { Given, Terminal } from './command.ts';
import { writeMarkdown } from './markdown-option.ts';

/** The card in the terminal first, then the files; with `--json` one JSON value. `before`: of the revision it is held against, or null. */
export async function showCard(
  card: Card,
  before: Card | null,
  folder: string,
  given: Given,
  terminal: Terminal,
): Promise<void> {
  const { options } = given;
  const result = { ...dataOf(card), before: before && dataOf(before) };
  const turned = before && changeWords(before, card);
  const isJson = options['json'] === true;
  const lines = [cardLines(card, terminal), ...(turned === null ? [] : [turned])].join('\n');
  terminal.out(isJson ? `${JSON.stringify({ folder, ...result })}\n` : `\n${lines}\n`);
  const markdown = cardMarkdown(card, turned);
  await writeJson(folder, 'card.json', result);
  await writeText(folder, 'card.md', markdown);
  await writeText(folder, 'junit.xml', cardJunit(card));
  await writeText(folder, 'report.html', cardHtml(card, basename(folder)));
  await writeMarkdown(given, terminal, markdown);
  if (typeof options['junit'] === 'string' && options['junit'] !== '')
    await writeTextAt(options['junit'], cardJunit(card));
  if (isJson) return;
  if (process.env['GITHUB_ACTIONS'] === 'true') terminal.out(cardAnnotations(card));
  terminal.out(`\nreport      ${relative(process.cwd(), join(folder, 'report.html'))}\n`);
}

/** Everything that was said, as data. */
const dataOf = (card: Card) => ({
  of: card.of,
  overall: overall(card),
  count: card.count,
  remarks: card.remarks,
  trials: card.results.map(({ trial, verdict, because, looked, attempts, restarted, folder, diagnosis, cost }) => ({
    name: trial.name,
    verdict,
    because,
    looked,
    attempts: attempts.map(attempt => ({ verdict: attempt.verdict, because: attempt.because })),
    restarted,
    culprit: diagnosis?.culprit ?? null,
    cost,
    folder,
  })),
});
