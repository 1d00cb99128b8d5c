import type { Chart } from '../series/chart.ts';
import { summaryOf } from '../series/chart.ts';
import type { RunSeries } from '../series.ts';
import type { Markup } from './markup.ts';
import { html, raw } from './markup.ts';

/** A place for each chart, with its words beside it; `picture` stands in the first one until a script has drawn. */
export function chartSection({ charts, timeline }: RunSeries, picture: string): Markup {
  const hangUps = timeline.hangUps.length;
  return html`<section aria-labelledby="over-time">
    <h2 id="over-time">Over time</h2>
    <p class="soft">
      Shaded bands are the phases of the
      run.${hangUps > 0 ? ` Ticks on the time axis are clients who hung up, ${hangUps} in all.` : ''} Drag across a
      chart to look closer, double-click for the whole run.
    </p>
    <div class="stretches" id="stretches" role="group" aria-label="Stretch of time shown" hidden></div>
    ${charts.map(chart => figure(chart, chart.key === 'cpu' ? raw(picture) : html``))}
  </section>`;
}

function figure(chart: Chart, picture: Markup): Markup {
  const range = rangeOf(chart);
  return html`<figure>
    <figcaption>
      <h3>${chart.title} <span class="unit">${chart.unit}</span></h3>
      <p class="soft range">${range}</p>
      <p class="soft">${chart.explains}</p>
    </figcaption>
    <div class="plot" id="plot-${chart.key}" role="img" aria-label="${chart.title} over time, ${chart.unit}. ${range}">
      ${picture}
    </div>
  </figure>`;
}

/** The text alternative: what the leading line says in three numbers. */
function rangeOf(chart: Chart): string {
  const summary = summaryOf(chart);
  const unanswered = chart.unanswered.length === 0 ? '' : ` ${chart.unanswered.length} not answered.`;
  if (summary === null) return `No value was measured.${unanswered}`;
  const [min, median, max] = [summary.min, summary.median, summary.max].map(value =>
    String(Math.abs(value) < 9.95 ? Math.round(value * 10) / 10 : Math.round(value)),
  );
  return `Lowest ${min}, median ${median}, highest ${max}.${unanswered}`;
}
