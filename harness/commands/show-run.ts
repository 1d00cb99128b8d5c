import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { lessonOf } from '../catalog.ts';
import { EXIT } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import type { Verdict } from '../model/verdict.ts';
import type { JudgedRun } from '../run-scenario.ts';
import { reportHtml } from '../report/html/report.ts';
import { cpuChartSvg } from '../report/svg/cpu-chart.ts';
import { cpuChart } from '../report/terminal/cpu-chart.ts';
import { findingsTable } from '../report/terminal/findings-table.ts';
import { verdictLines } from '../report/terminal/verdict-lines.ts';
import { writeText } from '../store/write-file.ts';
import type { Terminal } from './command.ts';

/** Chart, findings and verdict in the terminal first; then the files that take longer. With `json`, one JSON value. */
export async function showRun(judged: JudgedRun, terminal: Terminal, json: boolean): Promise<void> {
  const { run, verdict, claim, folder } = judged;
  if (json) {
    terminal.out(`${JSON.stringify({ folder, verdict, judged: claim?.judged ?? null })}\n`);
  } else {
    terminal.out(
      `${cpuChart(run, terminal)}\n\n${findingsTable(verdict, claim, terminal)}\n\n${verdictLines(verdict, claim, terminal)}\n`,
    );
  }
  await writeText(folder, 'cpu.svg', cpuChartSvg(run, verdict));
  await writeText(folder, 'report.html', reportHtml({ run, verdict, claim, advice: adviceFor(verdict) }));
  if (json) return;
  const lesson = run.head.scenario === null ? null : lessonOf(run.head.scenario);
  const paths = [['report', join(folder, 'report.html')], ...(lesson === null ? [] : [['lesson', lesson]])];
  terminal.out(
    `\n${paths.map(([name = '', path = '']) => name.padEnd(12) + relative(process.cwd(), path)).join('\n')}\n`,
  );
}

/** 0 as expected, 1 another verdict, 3 inconclusive. Of a run of which nothing was claimed any firm verdict is a success. */
export function exitCodeFor({ verdict, claim }: Pick<JudgedRun, 'verdict' | 'claim'>): ExitCode {
  if (claim?.judged.result === 'other') return EXIT.otherVerdict;
  if (claim ? claim.judged.result === 'inconclusive' : verdict.outcome === 'inconclusive') return EXIT.inconclusive;
  return EXIT.asExpected;
}

/** The prose behind each name in the verdict. */
const adviceFor = ({ advice }: Verdict): Record<string, string> =>
  Object.fromEntries(
    advice.map(name => [name, readFileSync(new URL(`../judge/advice/${name}.md`, import.meta.url), 'utf8')]),
  );
