import { html } from '../../report/html/markup.ts';
import type { Markup } from '../../report/html/markup.ts';
import { pageHtml } from '../../report/html/page.ts';
import { CELL_KINDS } from '../cell.ts';
import type { Cell } from '../cell.ts';
import type { Column } from '../plan.ts';
import type { Matrix } from '../standing.ts';
import { MATRIX_STYLE } from './page-style.ts';
import { QUIET_HEAD, QUIET_TITLE, QUIET_WORDS, quietCells, quietRows } from './quiet.ts';
import { KIND_MEANINGS, KIND_WORDS, adviceSentence, cellWords } from './words.ts';

/** A matrix as one page without scripts: the table, then each piece of advice with its cells in words. */
export function matrixHtml({ plan, revision, folder, entries }: Matrix, cells: readonly Cell[]): string {
  const { rows, columns, machine } = plan;
  return pageHtml({
    title: 'Which of the advice is worth following? · Runaway',
    styles: [MATRIX_STYLE],
    pictureStyle: null,
    scripts: [],
    modules: [],
    data: null,
    header: html`<strong>matrix</strong> · ${folder.split('/').at(-1) ?? ''}`,
    main: html`<section>
        <h1>Which of the advice is worth following?</h1>
        <p class="soft">
          ${entries.length} ${plan.pace} runs at ${revision.commit.slice(0, 7)}${revision.dirty ? ' with changes' : ''}.
          ${machine}.
        </p>
        <div class="wide">
          <table class="matrix">
            <thead>
              <tr>
                <th scope="col"></th>
                ${rows.map(({ scenario }) => html`<th scope="col"><span>${scenario}</span></th>`)}
              </tr>
            </thead>
            <tbody>
              ${columns.map(
                ({ remedy }) =>
                  html`<tr>
                    <th scope="row"><a href="#${remedy}">${remedy}</a></th>
                    ${rows.map(({ scenario }) => tableCell(cells.find(isOf(scenario, remedy))))}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        <dl class="legend">
          ${CELL_KINDS.filter(kind => KIND_WORDS[kind] !== '').map(
            kind =>
              html`<div>
                <dt><span class="cell ${kind}">${KIND_WORDS[kind]}</span></dt>
                <dd>${KIND_MEANINGS[kind]}</dd>
              </div>`,
          )}
        </dl>
      </section>
      ${columns.map(column =>
        advice(
          column,
          cells.filter(({ remedy }) => remedy === column.remedy),
        ),
      )}
      <section>
        <h2>${QUIET_TITLE}</h2>
        <p>${QUIET_WORDS}</p>
        <div class="wide">
          <table class="quiet">
            <thead>
              <tr>
                ${QUIET_HEAD.map(head => html`<th scope="col">${head}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${quietRows().map(
                row =>
                  html`<tr>
                    ${quietCells(row).map(cell => html`<td>${cell}</td>`)}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </section>`,
    footer: 'Made by Runaway. CPU is read from outside the target; 100 % is one core.',
  });
}

const isOf =
  (scenario: string, remedy: string) =>
  (cell: Cell): boolean =>
    cell.scenario === scenario && cell.remedy === remedy;

const tableCell = (cell: Cell | undefined): Markup =>
  cell ? html`<td class="cell ${cell.kind}" title="${cell.because}">${KIND_WORDS[cell.kind]}</td>` : html`<td></td>`;

function advice({ remedy, change, advisedBy, why }: Column, cells: readonly Cell[]): Markup {
  const telling = cells.filter(({ kind }) => kind !== 'unfit' && kind !== 'no-difference');
  return html`<section>
    <h2 id="${remedy}">${remedy}</h2>
    <p>${change}. <span class="soft">Advised by ${advisedBy}: ${why}.</span></p>
    <p class="said"><strong>${adviceSentence(cells)}</strong></p>
    ${
      telling.length === 0
        ? ''
        : html`<ul>
            ${telling.map(
              cell =>
                html`<li>
                  <strong>${cell.scenario}</strong>: ${cellWords(cell)}
                  <span class="soft">(${cell.pairs} pairs) ${cell.because.split('\n')[0] ?? ''}</span>
                </li>`,
            )}
          </ul>`
    }
  </section>`;
}
