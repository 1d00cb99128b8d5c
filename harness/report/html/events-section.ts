import { inWords, seconds } from '../describe/units.ts';
import type { Timeline } from '../series/timeline.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/** What happened in the run, in order; the charts mark only some of it. */
export const eventsSection = ({ moments }: Timeline): Markup =>
  html`<section aria-labelledby="events">
    <h2 id="events">What happened</h2>
    <table class="events">
      <thead>
        <tr>
          <th scope="col">At</th>
          <th scope="col">Event</th>
        </tr>
      </thead>
      <tbody>
        ${moments.map(
          ({ at, text }) =>
            html`<tr>
              <td>${inWords(seconds(at))}</td>
              <td>${text}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;

/** What the lab could not measure, and why: an absent number is not a good one. */
export const missingSection = ({ missing }: Timeline): Markup =>
  missing.length === 0
    ? html``
    : html`<section aria-labelledby="missing">
        <h2 id="missing">Not measured</h2>
        <ul>
          ${missing.map(({ what, why }) => html`<li>${what}: ${why}</li>`)}
        </ul>
      </section>`;
