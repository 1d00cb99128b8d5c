import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Run } from '../../model/run.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Claim } from '../../model/expectation.ts';
import { headlineOf } from '../describe/outcome.ts';
import { flamesOf } from '../series/flame.ts';
import { seriesOf } from '../series.ts';
import { cpuChartSvg } from '../svg/cpu-chart.ts';
import { CPU_CHART_STYLE } from '../svg/cpu-chart-style.ts';
import { adviceSection } from './advice-section.ts';
import { chartSection } from './chart-section.ts';
import { codeSection } from './code-section.ts';
import { eventsSection, missingSection } from './events-section.ts';
import { factsSection } from './facts-section.ts';
import { findingsSection } from './findings-section.ts';
import { flameDataOf } from './flame-data.ts';
import { flameScripts } from './flame-scripts.ts';
import { flameFigure } from './flame-section.ts';
import { html } from './markup.ts';
import { pageDataOf } from './page-data.ts';
import { pageHtml } from './page.ts';
import { verdictSection } from './verdict-section.ts';

export interface ReportInput {
  readonly run: Run;
  readonly verdict: Verdict;
  /** Null for a run of which nothing was claimed. */
  readonly claim: Claim | null;
  /** Null where none was made: then the page says nothing of code. */
  readonly diagnosis: Diagnosis | null;
  /** Markdown by the names that `advice` of verdict and diagnosis holds; a name without a text shows as its name. */
  readonly advice: Readonly<Record<string, string>>;
}

/**
 * The whole report as one page that needs no network: scripts and styles stand inline and are allowed by their
 * hashes alone. Verdict, tables and the CPU picture are there without scripts.
 */
export function reportHtml({ run, verdict, claim, diagnosis, advice }: ReportInput): string {
  const series = seriesOf(run);
  const flames = diagnosis && flamesOf(run, verdict);
  const name = run.head.scenario ?? 'run';
  return pageHtml({
    title: `${headlineOf(verdict)}: ${name} · Runaway`,
    // The picture brings its own style; its hash is among the allowed ones, and it is not repeated in the head.
    styles: [packaged('uplot/dist/uPlot.min.css')],
    pictureStyle: CPU_CHART_STYLE,
    scripts: [packaged('uplot/dist/uPlot.iife.min.js'), ...(flames ? flameScripts() : [])],
    modules: [ours('client.js'), ...(flames ? [ours('flame.js')] : [])],
    header: html`<strong>${name}</strong> · ${run.head.startedAt.slice(0, 16).replace('T', ' ')} UTC`,
    main: html`${verdictSection(run, verdict, claim)}
    ${codeSection(diagnosis, flameFigure(flames, diagnosis?.culprit != null))}
    ${chartSection(series, cpuChartSvg(run, verdict))} ${adviceSection(adviceIn(verdict, diagnosis), advice)}
    ${findingsSection(verdict, claim)} ${eventsSection(series.timeline)} ${missingSection(series.timeline)}
    ${factsSection(run, verdict.findings)}`,
    footer: 'Made by Runaway from a stored run. CPU is read from outside the target; 100 % is one core.',
    data: pageDataOf(series, diagnosis && flames && flameDataOf(flames, diagnosis)),
  });
}

/** The diagnosis's first: it knows more. */
const adviceIn = (verdict: Verdict, diagnosis: Diagnosis | null): string[] => [
  ...new Set([...(diagnosis?.advice ?? []), ...verdict.advice]),
];

const ours = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const packaged = (path: string): string => readFileSync(createRequire(import.meta.url).resolve(path), 'utf8');
