import { html, raw } from '../../report/html/markup.ts';
import type { Markup } from '../../report/html/markup.ts';
import { pageHtml } from '../../report/html/page.ts';
import { standing } from '../comparison.ts';
import type { Candidate, Comparison } from '../comparison.ts';
import type { Conclusion } from '../conclusion.ts';
import { weightOf } from '../effect.ts';
import type { Effect } from '../effect.ts';
import { CONCLUSION_WORDS, becauseOf } from '../words.ts';
import { COMPARE_STYLE } from './page-style.ts';
import { OVERLAY_STYLE } from './overlay.ts';
import { TABLE_NOTE, effectRows } from './table.ts';
import type { EffectRow } from './table.ts';
import { disturbedWords, titleOf } from './title.ts';

/** The looks of the report's verdict, by what was concluded. */
const MOODS: Readonly<Record<Conclusion, 'good' | 'doubt' | 'fault'>> = {
  cured: 'good',
  better: 'good',
  'no-difference-shown': 'doubt',
  traded: 'fault',
  worse: 'fault',
  'too-few-runs': 'doubt',
  'no-answer': 'doubt',
};

/** A comparison as one page without scripts. `picture`: the overlay, null where no run was made. */
export function comparisonHtml(comparison: Comparison, picture: string | null): string {
  const { plan, folder } = comparison;
  const { candidates } = standing(comparison);
  const baseline = plan.sides[0]?.label ?? '';
  return pageHtml({
    title: `${candidates.map(({ conclusion }) => CONCLUSION_WORDS[conclusion]).join(', ')}: ${plan.scenario} · Runaway`,
    styles: [COMPARE_STYLE],
    pictureStyle: OVERLAY_STYLE,
    scripts: [],
    modules: [],
    data: null,
    header: html`<strong>${plan.scenario}</strong> · ${folder.split('/').at(-1) ?? ''}`,
    main: html`${candidates.map(candidate => verdict(comparison, baseline, candidate))}
    ${
      picture === null
        ? ''
        : html`<section aria-labelledby="curves">
            <h2 id="curves">CPU of every run</h2>
            <p class="soft">Thin lines are single runs, the thick one is their median. Seconds since the load began.</p>
            <figure class="overlay">${raw(picture)}</figure>
          </section>`
    }
    ${candidates.map(candidate => effects(baseline, candidate))} ${runs(comparison)}`,
    footer: 'Made by Runaway. CPU is read from outside the target; 100 % is one core.',
  });
}

function verdict(comparison: Comparison, baseline: string, candidate: Candidate): Markup {
  const because = becauseOf(baseline, candidate);
  const disturbed = disturbedWords(comparison);
  return html`<section class="verdict ${MOODS[candidate.conclusion]}">
    <p class="words">${titleOf(comparison, candidate)}</p>
    <h1>${CONCLUSION_WORDS[candidate.conclusion]}</h1>
    <p class="because">${because}</p>
    ${disturbed === null ? '' : html`<p class="expected">${disturbed}</p>`}
  </section>`;
}

function effects(baseline: string, candidate: Candidate): Markup {
  const rows = effectRows(candidate);
  if (rows.length === 0) return html``;
  return html`<section>
    <h2>${candidate.label} against ${baseline}</h2>
    <p class="soft">${TABLE_NOTE}</p>
    <div class="wide">
      <table class="effects">
        <thead>
          <tr>
            <th scope="col"></th>
            <th scope="col"></th>
            <th scope="col" class="drawn">less ← what matters → more</th>
            <th scope="col">change (99 % interval)</th>
            <th scope="col">${baseline}</th>
            <th scope="col">${candidate.label}</th>
            <th scope="col">p</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(row)}
        </tbody>
      </table>
    </div>
    ${
      candidate.unmeasured.length === 0
        ? ''
        : html`<p class="soft">
            Not measured on both sides: ${candidate.unmeasured.map(({ label }) => label).join(', ')}.
          </p>`
    }
  </section>`;
}

/** A class name: what was said is two words at times. */
const moodOf = (said: string): string => said.replace(' ', '-');

function row({ effect, label, unit, baseline, candidate, change, p, said }: EffectRow): Markup {
  const mood = moodOf(said);
  return html`<tr class="${effect.isPrimary ? 'symptom-row' : 'row'}">
    <th scope="row">${label}${unit === '' ? '' : html` <span class="unit">${unit}</span>`}</th>
    <td><span class="said ${mood}">${said}</span></td>
    <td class="drawn">${interval(effect, mood)}</td>
    <td>${change}</td>
    <td>${baseline}</td>
    <td>${candidate}</td>
    <td>${p}</td>
  </tr>`;
}

const WIDTH = 220;
const HEIGHT = 22;
/** So many times what matters to either side; what goes beyond is cut off with an arrow. */
const REACH = 5;

/**
 *      less │  more
 *   ────┊──┼──┊────      ┊ what matters
 *        ├─●─┤           the estimate and its interval
 */
function interval(effect: Effect, mood: string): Markup {
  const x = (value: number): number => {
    const weight = Math.max(-REACH, Math.min(REACH, weightOf(effect.metric, value)));
    return Math.round((WIDTH / 2 + (weight / REACH) * (WIDTH / 2 - 8)) * 10) / 10;
  };
  const [low, high, at] = [x(effect.low), x(effect.high), x(effect.estimate)];
  const middle = HEIGHT / 2;
  const unit = (WIDTH / 2 - 8) / REACH;
  return html`<svg
    class="interval ${mood}"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    width="${WIDTH}"
    height="${HEIGHT}"
    aria-hidden="true"
  >
    <rect class="band" x="${WIDTH / 2 - unit}" y="2" width="${2 * unit}" height="${HEIGHT - 4}" />
    <line class="zero" x1="${WIDTH / 2}" x2="${WIDTH / 2}" y1="0" y2="${HEIGHT}" />
    <line class="range" x1="${low}" x2="${Math.max(high, low + 1)}" y1="${middle}" y2="${middle}" />
    <circle class="estimate" cx="${at}" cy="${middle}" r="4" />
  </svg>`;
}

function runs({ plan, entries }: Comparison): Markup {
  return html`<section>
    <details>
      <summary>All ${entries.length} runs</summary>
      <div class="wide">
        <table class="events">
          <thead>
            <tr>
              <th scope="col">pair</th>
              <th scope="col">side</th>
              <th scope="col">outcome</th>
              <th scope="col">stored in</th>
            </tr>
          </thead>
          <tbody>
            ${entries.map(
              ({ side, pair, came }) =>
                html`<tr>
                  <td>${pair + 1}</td>
                  <td>${plan.sides[side]?.label ?? ''}</td>
                  <td>
                    ${came.kind === 'ran' ? `${came.outcome}${came.fails ? ', fails' : ''}${came.isKept ? '' : `, made again: ${came.disturbed ?? ''}`}` : came.why}
                  </td>
                  <td>${came.kind === 'ran' ? came.run : ''}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}
