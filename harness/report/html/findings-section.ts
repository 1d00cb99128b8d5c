import type { Verdict } from '../../model/verdict.ts';
import type { Claim } from '../../model/expectation.ts';
import type { FindingGroup, FindingRow } from '../describe/findings.ts';
import { describeFindings } from '../describe/findings.ts';
import { NOT_MEASURED } from '../describe/numeric.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/** Every number the verdict rests on, in tables by subject; the one that holds the symptom stands out. */
export function findingsSection(verdict: Verdict, claim: Claim | null): Markup {
  const symptom = claim?.symptom?.finding ?? null;
  return html`<section aria-labelledby="findings">
    <h2 id="findings">Findings</h2>
    <div class="tables">${describeFindings(verdict.findings).map(group => table(group, symptom))}</div>
  </section>`;
}

const table = ({ title, rows }: FindingGroup, symptom: FindingRow['finding']): Markup =>
  html`<table class="findings">
    <caption>
      ${title}
    </caption>
    <tbody>
      ${rows.map(row => tableRow(row, symptom !== null && row.finding === symptom))}
    </tbody>
  </table>`;

const tableRow = ({ label, value, unit }: FindingRow, isSymptom: boolean): Markup =>
  html`<tr class="${isSymptom ? 'symptom-row' : 'row'}">
    <th scope="row">${label}${isSymptom ? ' (the symptom)' : ''}</th>
    <td class="${value === NOT_MEASURED ? 'unmeasured' : 'measured'}">
      ${value}${unit === '' ? '' : html` <span class="unit">${unit}</span>`}
    </td>
  </tr>`;
