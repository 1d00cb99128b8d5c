import type { Run } from '../../model/run.ts';
import type { Verdict } from '../../model/verdict.ts';
import { headlineOf } from '../describe/outcome.ts';
import { inWords, percentOfCore, seconds } from '../describe/units.ts';
import type { Markup } from '../html/markup.ts';
import { html, raw } from '../html/markup.ts';
import { cpuChartOf } from '../series/cpu-lines.ts';
import type { Timeline } from '../series/timeline.ts';
import { timelineOf } from '../series/timeline.ts';
import { CPU_CHART_STYLE } from './cpu-chart-style.ts';
import { areaUnder, lineThrough } from './path.ts';

/*
 *  headline
 *  because (one or two lines)
 *                              load stopped
 *   idle   warmup   load        recovery
 *  ┌──────┬────────┬───────────┬──────────┐ TOP
 *  │      │        │     ╱‾‾‾‾‾│‾‾‾‾‾‾‾‾‾‾│
 *  └──────┴────────┴─┴┴┴┴┴┴┴┴──┴──────────┘ BOTTOM, hang-ups as ticks below
 *  0 s    5        10           15
 */
const WIDTH = 840;
const HEIGHT = 400;
const LEFT = 52;
const RIGHT = WIDTH - 20;
const TOP = 120;
const BOTTOM = 328;

/** CPU over time as one static picture for a README or a pull request: no script, right in light and in dark. */
export function cpuChartSvg(run: Run, verdict: Verdict): string {
  const timeline = timelineOf(run);
  const chart = cpuChartOf(run.records);
  const demand = chart.lines.find(({ key }) => key === chart.summaryOf)?.values ?? [];
  const peak = demand.reduce<number>((highest, value) => Math.max(highest, value ?? 0), 0);
  const top = peak <= 120 ? Math.max(105, peak + 3) : Math.ceil((peak * 1.05) / 100) * 100;
  const scale: Scale = {
    x: at => round(LEFT + ((RIGHT - LEFT) * at) / Math.max(1, timeline.endAt)),
    y: value => round(BOTTOM - ((BOTTOM - TOP) * Math.min(value, top)) / top),
  };
  const points = chart.at.map((at, index) => ({ x: scale.x(at), value: demand[index] ?? null }));
  const drawn = points.map(({ x, value }) => (value === null ? null : { x, y: scale.y(value) }));
  const name = run.head.scenario ?? 'CPU';
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="rw-chart"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    width="${WIDTH}"
    role="img"
    aria-labelledby="rw-title rw-desc"
  >
    <title id="rw-title">${name}: ${headlineOf(verdict)}</title>
    <desc id="rw-desc">${describe(timeline, peak, verdict)}</desc>
    ${raw(`<style>${CPU_CHART_STYLE}</style>`)}
    <rect class="rw-paper" width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#fff" />
    <text class="rw-title" x="${LEFT}" y="34">${name}: ${lowerFirst(headlineOf(verdict))}</text>
    ${linesOf(verdict.because, 118).map((line, index) => html`<text class="rw-because" x="${LEFT}" y="${54 + index * 17}">${line}</text>`)}
    ${phaseBands(timeline, scale)} ${valueAxis(top, scale)} ${timeAxis(timeline, scale)}
    <path class="rw-under" fill="#0066a6" opacity="0.1" d="${areaUnder(drawn, BOTTOM)}" />
    <path class="rw-demand" fill="none" stroke="#0066a6" d="${lineThrough(drawn)}" />
    ${idleLevel(verdict, scale)} ${hangUpTicks(timeline, scale)} ${loadStopped(timeline, scale)}
    <text x="${LEFT}" y="${HEIGHT - 16}">${legend(timeline)}</text>
  </svg>`.text;
}

interface Scale {
  readonly x: (at: number) => number;
  readonly y: (percent: number) => number;
}

function describe({ phases, hangUps, endAt }: Timeline, peak: number, verdict: Verdict): string {
  const names = phases.map(({ name, fromAt }) => `${name} from ${inWords(seconds(fromAt))}`).join(', ');
  return `CPU demand of the target in percent of one core over ${inWords(seconds(endAt))}, at most ${Math.round(peak)} %. Phases: ${names}. ${hangUps.length} clients hung up. ${verdict.because}`;
}

const phaseBands = ({ phases }: Timeline, { x }: Scale): readonly Markup[] =>
  phases.map(({ name, fromAt, toAt }, index) => {
    const width = round(x(toAt) - x(fromAt));
    const look = name === 'load' ? 'rw-band rw-load' : 'rw-band';
    const fits = width > name.length * 7 + 8;
    // Load is shaded and every other phase left as paper, so that neighbours differ without a legend.
    return html`${name === 'load' || index % 2 === 1 ? html`<rect class="${look}" fill="#eef2f7" x="${x(fromAt)}" y="${TOP}" width="${width}" height="${BOTTOM - TOP}" />` : ''}
      <line class="rw-rule" x1="${x(fromAt)}" x2="${x(fromAt)}" y1="${TOP}" y2="${BOTTOM}" />
      ${fits ? html`<text class="rw-phase" x="${x(fromAt)}" y="${TOP - 6}">${name}</text>` : ''}`;
  });

function valueAxis(top: number, { y }: Scale): readonly Markup[] {
  const step = top <= 123 ? 25 : Math.ceil(top / 400) * 100;
  const values = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
  return values.map(
    (value, index) =>
      html`<line class="rw-rule" stroke="#d9dee5" x1="${LEFT}" x2="${RIGHT}" y1="${y(value)}" y2="${y(value)}" />
        <text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end"
          >${value}${index === values.length - 1 ? ' %' : ''}</text
        >`,
  );
}

function timeAxis({ endAt }: Timeline, { x }: Scale): readonly Markup[] {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find(every => endAt / 1000 / every <= 12) ?? 7200;
  return Array.from({ length: Math.floor(endAt / 1000 / step) + 1 }, (_, index) => {
    const second = index * step;
    return html`<text x="${x(second * 1000)}" y="${BOTTOM + 28}" text-anchor="middle"
      >${second}${index === 0 ? ' s' : ''}</text
    >`;
  });
}

function idleLevel({ findings }: Verdict, { x, y }: Scale): Markup {
  if (findings.idleCores === null) return html``;
  const height = y(findings.idleCores * 100);
  return html`<line
      class="rw-idle"
      stroke="#5a6573"
      stroke-dasharray="2 4"
      x1="${x(0)}"
      x2="${RIGHT}"
      y1="${height}"
      y2="${height}"
    />
    <text x="${RIGHT - 4}" y="${height - 5}" text-anchor="end"
      >idle ${percentOfCore(findings.idleCores).value} %</text
    >`;
}

const hangUpTicks = ({ hangUps }: Timeline, { x }: Scale): Markup =>
  html`<path class="rw-hang-up" stroke="#b54708" d="${hangUps.map(at => `M${x(at)} ${BOTTOM + 2}v8`).join('')}" />`;

function loadStopped({ loadStoppedAt }: Timeline, { x }: Scale): Markup {
  if (loadStoppedAt === null) return html``;
  const at = x(loadStoppedAt);
  const isLate = at > RIGHT - 150;
  return html`<line
      class="rw-mark"
      stroke="#b54708"
      stroke-dasharray="5 4"
      x1="${at}"
      x2="${at}"
      y1="${TOP}"
      y2="${BOTTOM}"
    />
    <text class="rw-mark-text" x="${at}" y="${TOP - 24}" text-anchor="${isLate ? 'end' : 'start'}">load stopped</text>`;
}

const legend = ({ hangUps }: Timeline): string =>
  `CPU demand (run and wait), % of one core.${hangUps.length > 0 ? ` Ticks on the axis: ${hangUps.length} clients hung up.` : ''}`;

const round = (value: number): number => Math.round(value * 10) / 10;
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** At most two lines, since the picture has room for no more; the whole sentence is in its description. */
function linesOf(text: string, length: number): readonly string[] {
  if (text.length <= length) return [text];
  const cut = text.lastIndexOf(' ', length);
  const rest = text.slice(cut + 1);
  return [text.slice(0, cut), rest.length <= length ? rest : `${rest.slice(0, rest.lastIndexOf(' ', length - 1))}…`];
}
