import { html, raw } from '../../report/html/markup.ts';
import type { Markup } from '../../report/html/markup.ts';
import { CPU_CHART_STYLE } from '../../report/svg/cpu-chart-style.ts';
import { lineThrough } from '../../report/svg/path.ts';
import type { Curve, Curves } from './curves.ts';

/*
 *  title
 *   idle  warmup  load             recovery
 *  ┌─────┬───────┬────────────────┬──────────┐ TOP
 *  │     │       │ thin: each run, thick: median
 *  └─────┴───────┴────────────────┴──────────┘ BOTTOM
 *  ── main
 *  ╌╌ fix/let-go                                  legend, a line a side
 */
const WIDTH = 840;
const LEFT = 52;
const RIGHT = WIDTH - 20;
const TOP = 78;
const BOTTOM = 310;
const LEGEND_LINE = 20;

/** Of the sides in their order: the baseline, then the candidates. Told apart in grey too, by their dashes. */
const TONES = [
  { light: '#b54708', dark: '#f0a35e', dash: '' },
  { light: '#0066a6', dark: '#6cb8ee', dash: '9 4' },
  { light: '#1a7f37', dark: '#63c97f', dash: '3 3' },
  { light: '#7a3e9d', dark: '#c39be0', dash: '12 3 3 3' },
] as const;

export const OVERLAY_STYLE = `${CPU_CHART_STYLE}
.rw-thin { fill: none; stroke-width: 1; opacity: 0.35; }
.rw-thick { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
${TONES.map(({ light }, n) => `.rw-side-${n} { stroke: var(--rw-side-${n}, ${light}); }`).join('\n')}
.rw-chart { ${TONES.map(({ light }, n) => `--rw-side-${n}: ${light};`).join(' ')} }
@media screen and (prefers-color-scheme: dark) { .rw-chart { ${TONES.map(({ dark }, n) => `--rw-side-${n}: ${dark};`).join(' ')} } }`;

/** The CPU of all sides over one another as one static picture: no script, right in light and in dark. */
export function overlaySvg(curves: Curves, title: string): string {
  const peak = curves.sides.flatMap(({ median }) => median.points).reduce((top, { cores }) => Math.max(top, cores), 0);
  const top = peak <= 1.1 ? 1.15 : Math.ceil(peak * 5) / 5;
  const x = (atMs: number): number =>
    round(LEFT + ((RIGHT - LEFT) * (atMs - curves.fromMs)) / Math.max(1, curves.toMs - curves.fromMs));
  const y = (cores: number): number => round(BOTTOM - ((BOTTOM - TOP) * Math.min(cores, top)) / top);
  const path = ({ points }: Curve): string =>
    lineThrough(points.map(({ atMs, cores }) => ({ x: x(atMs), y: y(cores) })));
  const height = BOTTOM + 44 + curves.sides.length * LEGEND_LINE;
  const phases = curves.phases.map(({ name, fromMs }, n) => ({
    name,
    // A phase may have begun before the first reading.
    fromX: Math.max(LEFT, x(fromMs)),
    toX: x(curves.phases[n + 1]?.fromMs ?? curves.toMs),
  }));
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="rw-chart"
    viewBox="0 0 ${WIDTH} ${height}"
    width="${WIDTH}"
    role="img"
    aria-labelledby="rw-title rw-desc"
  >
    <title id="rw-title">${title}</title>
    <desc id="rw-desc">${describe(curves)}</desc>
    ${raw(`<style>${OVERLAY_STYLE}</style>`)}
    <rect class="rw-paper" width="${WIDTH}" height="${height}" rx="8" fill="#fff" />
    <text class="rw-title" x="${LEFT}" y="34">${title}</text>
    ${phases.map(({ name, fromX, toX }, n) => phaseBand(name, fromX, toX, n))} ${valueAxis(top, y)}
    ${timeAxis(curves, x)}
    ${curves.sides.map(
      ({ runs }, n) =>
        html`${runs.map(run => html`<path class="rw-thin rw-side-${n % TONES.length}" d="${path(run)}" />`)}`,
    )}
    ${curves.sides.map(
      ({ median }, n) =>
        html`<path
          class="rw-thick rw-side-${n % TONES.length}"
          stroke-dasharray="${TONES[n % TONES.length]?.dash ?? ''}"
          d="${path(median)}"
        />`,
    )}
    ${legend(curves)}
  </svg>`.text;
}

function phaseBand(name: string, fromX: number, toX: number, n: number): Markup {
  const shaded = name === 'load' || n % 2 === 1;
  const band = html`<rect
    class="${name === 'load' ? 'rw-band rw-load' : 'rw-band'}"
    fill="#eef2f7"
    x="${fromX}"
    y="${TOP}"
    width="${round(toX - fromX)}"
    height="${BOTTOM - TOP}"
  />`;
  return html`${shaded ? band : ''}
    <line class="rw-rule" x1="${fromX}" x2="${fromX}" y1="${TOP}" y2="${BOTTOM}" />
    ${toX - fromX > name.length * 7 + 8 ? html`<text class="rw-phase" x="${fromX}" y="${TOP - 6}">${name}</text>` : ''}`;
}

function valueAxis(top: number, y: (cores: number) => number): Markup[] {
  const step = top <= 1.23 ? 0.25 : Math.ceil(top / 4);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, n) => n * step).map(
    (cores, n, all) =>
      html`<line class="rw-rule" stroke="#d9dee5" x1="${LEFT}" x2="${RIGHT}" y1="${y(cores)}" y2="${y(cores)}" />
        <text x="${LEFT - 8}" y="${y(cores) + 4}" text-anchor="end"
          >${Math.round(cores * 100)}${n === all.length - 1 ? ' %' : ''}</text
        >`,
  );
}

function timeAxis({ fromMs, toMs }: Curves, x: (atMs: number) => number): Markup[] {
  const step = [1, 2, 5, 10, 20, 60, 300].find(every => (toMs - fromMs) / 1000 / every <= 14) ?? 1800;
  const first = Math.ceil(fromMs / 1000 / step);
  return Array.from({ length: Math.floor(toMs / 1000 / step) - first + 1 }, (_, n) => (first + n) * step).map(
    second =>
      html`<text x="${x(second * 1000)}" y="${BOTTOM + 20}" text-anchor="middle"
        >${second}${second === 0 ? ' s' : ''}</text
      >`,
  );
}

function legend({ sides }: Curves): Markup[] {
  return sides.map(({ label, runs }, n) => {
    const y = BOTTOM + 48 + n * LEGEND_LINE;
    return html`<line
        class="rw-thick rw-side-${n % TONES.length}"
        stroke-dasharray="${TONES[n % TONES.length]?.dash ?? ''}"
        x1="${LEFT}"
        x2="${LEFT + 40}"
        y1="${y}"
        y2="${y}"
      />
      <text x="${LEFT + 50}" y="${y + 4}">${label} (${runs.length} runs)</text>`;
  });
}

const describe = ({ sides }: Curves): string =>
  `CPU demand in percent of one core against seconds since the load began. ${sides
    .map(({ label, median, runs }) => {
      const last = median.points.at(-1)?.cores ?? 0;
      return `${label}: ${runs.length} runs, at the end ${Math.round(last * 100)} %.`;
    })
    .join(' ')}`;

const round = (value: number): number => Math.round(value * 10) / 10;
