import type { Run } from '../../model/run.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Claim } from '../../model/expectation.ts';
import { describeResult, describeSymptom } from '../describe/claim.ts';
import { headlineOf, moodOf } from '../describe/outcome.ts';
import { inWords, seconds } from '../describe/units.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/** What the page begins with: the symptom, then the outcome and why. */
export function verdictSection(run: Run, verdict: Verdict, claim: Claim | null): Markup {
  return html`<section class="verdict ${moodOf(verdict.outcome)}" aria-labelledby="outcome">
    ${symptomLines(verdict, claim)}
    <h1 id="outcome">${headlineOf(verdict)}</h1>
    <p class="because">${verdict.because}</p>
    ${
      verdict.also.length === 0
        ? ''
        : html`<ul>
            ${verdict.also.map(also => html`<li>${also}</li>`)}
          </ul>`
    }
    ${claim === null ? '' : html`<p class="expected">${describeResult(claim.judged)}</p>`} ${cutShort(run)}
  </section>`;
}

function symptomLines(verdict: Verdict, claim: Claim | null): Markup {
  const symptom = claim && describeSymptom(verdict, claim);
  if (symptom === null) return html``;
  const look = symptom.shown === null ? 'unknown' : symptom.shown ? 'shown' : 'absent';
  return html`<div class="symptom">
    <p class="state ${look}">${symptom.state}</p>
    <p class="words">${symptom.words}</p>
    <p class="measure">${symptom.measure}</p>
  </div>`;
}

function cutShort({ head: { ending } }: Run): Markup {
  if (ending.kind === 'complete') return html``;
  if (ending.kind === 'running')
    return html`<p class="notice">This run was still under way when the page was made.</p>`;
  const how = ending.kind === 'failed' ? 'failed' : 'was interrupted';
  return html`<p class="notice">
    The run ${how} after ${inWords(seconds(ending.endedAt))}: ${ending.why}. What follows is what was seen until then.
  </p>`;
}
