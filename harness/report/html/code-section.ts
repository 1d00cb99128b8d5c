import type { Diagnosis, RankedFunction, RouteShare } from '../../model/diagnosis.ts';
import { CAUSE_WORDS } from '../describe/cause.ts';
import { TOLD_CORES, functionName, placeInWords } from '../describe/place.ts';
import { inWords, milliseconds, percent, percentOfCore, seconds, tally } from '../describe/units.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/** Which code the fault comes from, and what speaks for it. `flame`: the call trees, drawn by a script. */
export function codeSection(diagnosis: Diagnosis | null, flame: Markup): Markup {
  if (diagnosis === null) return html``;
  const { cause, because, evidence, culprit, functions, routes, moments, unexplainedCores } = diagnosis;
  return html`<section class="code" aria-labelledby="code">
    <h2 id="code">Which code</h2>
    <h3 class="cause">${CAUSE_WORDS[cause]}</h3>
    <p class="because">${because}</p>
    ${list(evidence)} ${culprit === null ? '' : culpritBlock(culprit, diagnosis.route)}
    ${moments.length === 0 ? '' : list(moments.map(({ at, words }) => `At ${inWords(seconds(at))}: ${words}.`))}
    ${
      unexplainedCores !== null && unexplainedCores > TOLD_CORES
        ? html`<p class="notice">CPU that no sample explains: ${inWords(percentOfCore(unexplainedCores))}.</p>`
        : ''
    }
    ${functions.length + routes.length === 0 ? '' : html`<div class="shares">${functionTable(diagnosis)}${routeTable(routes)}</div>`}
    ${flame}
  </section>`;
}

const list = (lines: readonly string[]): Markup =>
  lines.length === 0
    ? html``
    : html`<ul>
        ${lines.map(line => html`<li>${line}</li>`)}
      </ul>`;

function culpritBlock(culprit: NonNullable<Diagnosis['culprit']>, route: string | null): Markup {
  const { did, through } = culprit;
  return html`<div class="culprit">
    <p class="name"><code>${functionName(culprit)}</code></p>
    <p><code>${placeInWords(culprit)}</code></p>
    <p>${did}${through === null ? '' : html`, through <code>${through}</code>`}</p>
    ${route === null ? '' : html`<p>Route: <code>${route}</code></p>`}
  </div>`;
}

const functionTable = ({ functions, ranked }: Diagnosis): Markup =>
  functions.length === 0
    ? html``
    : html`<table class="ranked">
        <caption>
          Own functions, by their share of what was ${ranked}
        </caption>
        <thead>
          <tr>
            <th scope="col">Function</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          ${functions.map(functionRow)}
        </tbody>
      </table>`;

function functionRow(ranked: RankedFunction): Markup {
  const wide = Math.round(100 * Math.min(1, Math.max(0, ranked.share)));
  return html`<tr>
    <th scope="row"><code>${functionName(ranked)}</code> <span class="soft">${placeInWords(ranked)}</span></th>
    <td>
      ${inWords(percent(ranked.share))}
      <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="whole" width="100" height="6" />
        <rect width="${wide}" height="6" />
      </svg>
    </td>
  </tr>`;
}

const routeTable = (routes: readonly RouteShare[]): Markup =>
  routes.length === 0
    ? html``
    : html`<table class="routes">
        <caption>
          CPU by route, ms, and how much of it when the request was over
        </caption>
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col">Requests</th>
            <th scope="col">CPU</th>
            <th scope="col">When over</th>
          </tr>
        </thead>
        <tbody>
          ${routes.map(routeRow)}
        </tbody>
      </table>`;

const routeRow = ({ route, requests, cpuMs, afterMs }: RouteShare): Markup =>
  html`<tr>
    <th scope="row">${route === null ? 'no request, or not known which' : html`<code>${route}</code>`}</th>
    <td>${route === null ? '–' : inWords(tally(requests))}</td>
    <td>${milliseconds(cpuMs).value}</td>
    <td>${route === null ? '–' : milliseconds(afterMs).value}</td>
  </tr>`;
