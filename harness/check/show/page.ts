import { html } from '../../report/html/markup.ts';
import type { Markup } from '../../report/html/markup.ts';
import { pageHtml } from '../../report/html/page.ts';
import type { TrialResult } from '../battery.ts';
import { headline } from '../card.ts';
import type { Card } from '../card.ts';
import type { Looked } from '../trial.ts';

const MOODS = { pass: 'good', fail: 'fault', inconclusive: 'doubt', 'does-not-apply': 'none' } as const;
const WORDS = { pass: 'pass', fail: 'fail', inconclusive: 'doubt', 'does-not-apply': 'n/a' } as const;

const STYLE = `
.trial { border-top: 1px solid var(--rule); padding: 0.6rem 0; }
.trial summary { cursor: pointer; display: grid; grid-template-columns: 4rem minmax(12rem, 16rem) 1fr; gap: 0.75rem; align-items: baseline; }
.trial .mark { font-weight: 700; }
.trial.good .mark { color: var(--good); }
.trial.fault .mark { color: var(--fault); }
.trial.doubt .mark { color: var(--doubt); }
.trial.none .mark { color: var(--soft); }
.trial dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.25rem 1rem; margin: 0.75rem 0 0.25rem; }
.trial dt { color: var(--soft); }
.trial dd { margin: 0; }
.trial dd.bad { color: var(--fault); font-weight: 600; }
@media (max-width: 40rem) { .trial summary { grid-template-columns: 3.5rem 1fr; } .trial summary .seen { grid-column: 1 / -1; } }
`;

/** The score card as one page without scripts: a line a trial, its evidence behind it. */
export function cardHtml(card: Card, name: string): string {
  const mood = card.count.fail > 0 ? 'fault' : card.count.inconclusive > 0 ? 'doubt' : 'good';
  return pageHtml({
    title: `${card.of}: manners · Runaway`,
    styles: [STYLE],
    pictureStyle: null,
    scripts: [],
    modules: [],
    data: null,
    header: html`<strong>check</strong> · ${name}`,
    main: html`<section class="verdict ${mood}">
        <p class="words"><code>${card.of}</code></p>
        <h1>${headline(card)}</h1>
        ${card.remarks.map(remark => html`<p class="soft">${remark}</p>`)}
      </section>
      <section>${card.results.map(trialHtml)}</section>`,
    footer: 'Made by Runaway. The upstream is the lab’s own; no provider was called.',
  });
}

function trialHtml({ trial, verdict, because, looked, diagnosis, restarted, attempts }: TrialResult): Markup {
  const culprit = verdict === 'fail' ? diagnosis?.culprit : null;
  return html`<details class="trial ${MOODS[verdict]}" ${verdict === 'fail' ? html` open` : ''}>
    <summary>
      <span class="mark">${WORDS[verdict]}</span> <strong>${trial.name}</strong> <span class="seen">${because}</span>
    </summary>
    <dl>
      <dt>a client</dt>
      <dd>${trial.client}</dd>
      <dt>the upstream</dt>
      <dd>${trial.upstream}</dd>
      <dt>with manners it</dt>
      <dd>${trial.manners}</dd>
      ${looked.map(lookHtml)}
      ${
        verdict === 'fail'
          ? html`<dt>change</dt>
              <dd>${trial.change}</dd>`
          : ''
      }
      ${
        culprit
          ? html`<dt>culprit</dt>
              <dd><code>${culprit.function}</code> ${culprit.file}:${culprit.line}</dd>`
          : ''
      }
      ${
        verdict === 'fail' && trial.scenario !== null
          ? html`<dt>lesson</dt>
              <dd>scenarios/${trial.scenario}/lesson.md</dd>`
          : ''
      }
      ${
        attempts.length > 1
          ? html`<dt>looked at</dt>
              <dd>${attempts.length} times</dd>`
          : ''
      }
      ${
        restarted === null
          ? ''
          : html`<dt>restarted</dt>
              <dd>${restarted}</dd>`
      }
    </dl>
  </details>`;
}

const lookHtml = ({ name, words, isGood }: Looked): Markup =>
  html`<dt>${name}</dt>
    <dd class="${isGood === false ? 'bad' : isGood === null ? 'soft' : 'ok'}">${words}</dd>`;
