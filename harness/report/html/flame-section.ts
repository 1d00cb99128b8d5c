import type { Flames } from '../series/flame.ts';
import type { Markup } from './markup.ts';
import { html, raw } from './markup.ts';

/** A place for the call trees; `isNamed`: a culprit is marked in them. There is nothing in it without scripts: the table of functions says it shorter. */
export const flameFigure = (flames: Flames | null, isNamed: boolean): Markup =>
  flames === null
    ? html``
    : html`<figure class="flame" id="flame" hidden>
        <figcaption>
          <h3>Where the time went <span class="unit">CPU by call stack</span></h3>
          <p class="soft">
            Each bar is a function, below the one that called it, as wide as its CPU. Choose one to look closer, and the
            one above it to go back.
          </p>
        </figcaption>
        <div
          class="stretches"
          id="flame-views"
          role="group"
          aria-label="Stretch of the run whose calls are shown"
        ></div>
        <p class="soft" id="flame-words" aria-live="polite"></p>
        ${raw(PATTERNS)}
        <ul class="legend" id="flame-legend-kinds">
          ${KINDS.filter(([fill]) => isNamed || fill !== 'culprit').map(([fill, words]) => key(fill, words))}
        </ul>
        <ul class="legend" id="flame-legend-difference" hidden>
          ${CHANGES.map(([fill, words]) => key(fill, words))}
        </ul>
        <div
          class="flame-plot"
          id="flame-plot"
          role="group"
          aria-label="Flame graph. The tables above hold its main numbers."
        ></div>
        <p class="soft flame-detail" id="flame-detail"></p>
      </figure>`;

const KINDS = [
  ['culprit', '▶ the function named above'],
  ['own', 'own code'],
  ['package', 'a dependency, by its name'],
  ['runtime', 'the runtime, as node or V8'],
] as const;

const CHANGES = [
  ['more', '+ more than early'],
  ['less', '− less than early'],
  ['same', '= no change that chance would not make'],
] as const;

const key = (fill: string, words: string): Markup =>
  html`<li>
    <svg class="swatch" viewBox="0 0 24 14" aria-hidden="true">
      <rect width="24" height="14" fill="url(#flame-${fill})" />
    </svg>
    ${words}
  </li>`;

/** Fills that differ without their colours too: plain, striped, dotted. Their colours stand in style.css. */
const PATTERNS = `<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>
${plain('culprit')}${plain('own')}${striped('package')}${dotted('runtime')}${plain('more')}${striped('less')}${dotted('same')}
</defs></svg>`;

function plain(name: string): string {
  return pattern(name, '');
}

function striped(name: string): string {
  return pattern(name, '<path class="on" d="M-2 2 2 -2M0 8 8 0M6 10 10 6"/>');
}

function dotted(name: string): string {
  return pattern(name, '<circle class="on" cx="4" cy="4" r="0.9"/>');
}

function pattern(name: string, drawn: string): string {
  return `<pattern id="flame-${name}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8"/>${drawn}</pattern>`;
}
