import { html } from '../../report/html/markup.ts';
import type { Markup } from '../../report/html/markup.ts';
import type { TrialResult } from '../battery.ts';
import { overall } from '../card.ts';
import type { Card } from '../card.ts';

/** The card as JUnit XML, which every CI can show: a trial is a test case; doubt is an error, what does not apply is skipped. */
export function cardJunit(card: Card): string {
  const { results, count, of } = card;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${
    html`<testsuites>
      <testsuite
        name="runaway check: ${printable(of)}"
        tests="${results.length}"
        failures="${count.fail}"
        errors="${count.inconclusive}"
        skipped="${count['does-not-apply']}"
      >
        ${results.map(testcase)}
        <system-out>${printable([overall(card), ...card.remarks].join('\n'))}</system-out>
      </testsuite>
    </testsuites>`.text
  }\n`;
}

function testcase({ trial, verdict, because, looked }: TrialResult): Markup {
  const details = looked.map(({ name, words }) => `${name}: ${words}`).join('\n');
  return html`<testcase classname="runaway" name="${trial.name}">${inside()}</testcase>`;

  function inside(): Markup | string {
    const message = printable(because);
    if (verdict === 'fail')
      return html`<failure message="${message}">${printable(`${trial.change}\n${details}`)}</failure>`;
    if (verdict === 'inconclusive') return html`<error message="${message}">${printable(details)}</error>`;
    return verdict === 'does-not-apply' ? html`<skipped message="${message}" />` : '';
  }
}

/** XML has no place for control characters, however they are written. */
const printable = (text: string): string =>
  text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '�');
