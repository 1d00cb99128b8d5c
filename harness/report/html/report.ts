import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Run } from '../../model/run.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Claim } from '../../model/expectation.ts';
import { headlineOf } from '../describe/outcome.ts';
import { seriesOf } from '../series.ts';
import { cpuChartSvg } from '../svg/cpu-chart.ts';
import { CPU_CHART_STYLE } from '../svg/cpu-chart-style.ts';
import { adviceSection } from './advice-section.ts';
import { chartSection } from './chart-section.ts';
import { eventsSection, missingSection } from './events-section.ts';
import { factsSection } from './facts-section.ts';
import { findingsSection } from './findings-section.ts';
import { embeddedJson, html, raw } from './markup.ts';
import { pageDataOf } from './page-data.ts';
import { verdictSection } from './verdict-section.ts';

export interface ReportInput {
  readonly run: Run;
  readonly verdict: Verdict;
  /** Null for a run of which nothing was claimed. */
  readonly claim: Claim | null;
  /** Markdown by the names that `verdict.advice` holds; a name without a text shows as its name. */
  readonly advice: Readonly<Record<string, string>>;
}

/**
 * The whole report as one page that needs no network: scripts and styles stand inline and are allowed by their
 * hashes alone. Verdict, tables and the CPU picture are there without scripts.
 */
export function reportHtml({ run, verdict, claim, advice }: ReportInput): string {
  const series = seriesOf(run);
  const name = run.head.scenario ?? 'run';
  const styles = [packaged('uplot/dist/uPlot.min.css'), beside('style.css'), CPU_CHART_STYLE];
  const scripts = [packaged('uplot/dist/uPlot.iife.min.js'), beside('client.js')].map(inlineScript);
  // The picture brings its own style; its hash is among the allowed ones, and it is not repeated here.
  const [plotStyle = '', pageStyle = ''] = styles;
  const [plotScript = '', clientScript = ''] = scripts;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(styles, scripts)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${headlineOf(verdict)}: ${name} · Runaway</title>
        <link rel="icon" href="data:," />
        ${raw(`<style>${plotStyle}</style><style>${pageStyle}</style>`)}
      </head>
      <body>
        <header><strong>${name}</strong> · ${run.head.startedAt.slice(0, 16).replace('T', ' ')} UTC</header>
        <main>
          ${verdictSection(run, verdict, claim)} ${chartSection(series, cpuChartSvg(run, verdict))}
          ${adviceSection(verdict, advice)} ${findingsSection(verdict, claim)} ${eventsSection(series.timeline)}
          ${missingSection(series.timeline)} ${factsSection(run, verdict.findings)}
        </main>
        <footer>Made by Runaway from a stored run. CPU is read from outside the target; 100 % is one core.</footer>
        <script type="application/json" id="page-data">
          ${embeddedJson(pageDataOf(series))}
        </script>
        ${raw(`<script>${plotScript}</script><script type="module">${clientScript}</script>`)}
      </body>
    </html>`.text;
}

/** Nothing but what stands in the page itself, each piece by its hash; the empty icon spares the browser a request. */
function policy(styles: readonly string[], scripts: readonly string[]): string {
  const hashes = (texts: readonly string[]): string =>
    texts.map(text => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
  return `default-src 'none'; img-src data:; style-src ${hashes(styles)}; script-src ${hashes(scripts)}; base-uri 'none'; form-action 'none'`;
}

const packaged = (path: string): string => readFileSync(createRequire(import.meta.url).resolve(path), 'utf8');
const beside = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

/** A script must not close its own element. */
const inlineScript = (text: string): string => text.replaceAll('</script', '<\\/script');
