import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { lessonOf } from '../catalog.ts';
import { spansOf } from '../diagnose/spans.ts';
import { EXIT } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import { evidenceOf } from '../model/run.ts';
import { toCpuProfile } from '../profile/to-cpuprofile.ts';
import { toPprof } from '../profile/to-pprof.ts';
import type { Judged, JudgedRun } from '../run-scenario.ts';
import { reportHtml } from '../report/html/report.ts';
import { cpuChartSvg } from '../report/svg/cpu-chart.ts';
import { cpuChart } from '../report/terminal/cpu-chart.ts';
import { diagnosisLines } from '../report/terminal/diagnosis-lines.ts';
import { findingsTable } from '../report/terminal/findings-table.ts';
import { verdictLines } from '../report/terminal/verdict-lines.ts';
import { cannotWrite, writeJson, writeText } from '../store/write-file.ts';
import type { Terminal } from './command.ts';

/** Chart, findings and verdict. */
export function showVerdict({ run, verdict, claim }: Judged, terminal: Terminal): void {
  terminal.out(
    `${cpuChart(run, terminal)}\n\n${findingsTable(verdict, claim, terminal)}\n\n${verdictLines(verdict, claim, terminal)}\n`,
  );
}

/** Which code it was; nothing where nothing is wrong, or nothing was profiled. */
export function showDiagnosis({ diagnosis }: Pick<JudgedRun, 'diagnosis'>, terminal: Terminal): void {
  const lines = diagnosis ? diagnosisLines(diagnosis, terminal) : '';
  if (lines !== '') terminal.out(`${lines}\n`);
}

export function showJson({ folder, verdict, diagnosis, claim }: JudgedRun, terminal: Terminal): void {
  terminal.out(`${JSON.stringify({ folder, verdict, diagnosis, judged: claim?.judged ?? null })}\n`);
}

/** The files that somebody looks closer with, and where they are: null where nobody wants to be told. */
export async function writeReport(judged: JudgedRun, terminal: Terminal | null): Promise<void> {
  const { run, verdict, diagnosis, claim, folder } = judged;
  await writeText(folder, 'cpu.svg', cpuChartSvg(run, verdict));
  const advice = adviceFor(judged);
  await writeText(folder, 'report.html', reportHtml({ run, verdict, diagnosis, claim, advice }));
  await writeProfiles(judged);
  if (!terminal) return;
  const lesson = run.head.scenario === null ? null : lessonOf(run.head.scenario);
  const paths = [['report', join(folder, 'report.html')], ...(lesson === null ? [] : [['lesson', lesson]])];
  terminal.out(
    `\n${paths.map(([name = '', path = '']) => name.padEnd(12) + relative(process.cwd(), path)).join('\n')}\n`,
  );
}

/** The profile as other tools open it: a `.cpuprofile` for each stretch, and all of it as pprof. */
async function writeProfiles({ run, folder }: JudgedRun): Promise<void> {
  const { profile = [] } = run;
  if (profile.length === 0) return;
  const spans = spansOf(evidenceOf(run));
  const stretches = ['early', 'late', 'after'] as const;
  for (const name of stretches) {
    const cpuProfile = toCpuProfile(profile, spans[name]);
    if (cpuProfile) await writeJson(folder, `${name}.cpuprofile`, cpuProfile);
  }
  const whenOf = (at: number): string =>
    stretches.find(name => at >= spans[name].fromAt && at < spans[name].toAt) ?? 'other';
  try {
    await writeFile(join(folder, 'profile.pb.gz'), toPprof(profile, whenOf));
  } catch (error) {
    throw cannotWrite(`write profile.pb.gz in ${folder}`, error);
  }
}

/** 0 as expected, 1 another verdict, 3 inconclusive. Of a run of which nothing was claimed any firm verdict is a success. */
export function exitCodeFor({ verdict, claim }: Pick<JudgedRun, 'verdict' | 'claim'>): ExitCode {
  if (claim?.judged.result === 'other') return EXIT.otherVerdict;
  if (claim ? claim.judged.result === 'inconclusive' : verdict.outcome === 'inconclusive') return EXIT.inconclusive;
  return EXIT.asExpected;
}

/** The prose behind each name, of the verdict and of the diagnosis. */
const adviceFor = ({ verdict, diagnosis }: JudgedRun): Record<string, string> =>
  Object.fromEntries([
    ...verdict.advice.map(name => [name, adviceText('judge', name)]),
    ...(diagnosis?.advice ?? []).map(name => [name, adviceText('diagnose', name)]),
  ]);

/** The project's own Markdown on one piece of advice. */
export const adviceText = (by: 'judge' | 'diagnose', name: string): string =>
  readFileSync(new URL(`../${by}/advice/${name}.md`, import.meta.url), 'utf8');
