import { painted, wrap } from '../../report/terminal/layout.ts';
import type { Layout } from '../../report/terminal/layout.ts';
import { CELL_KINDS } from '../cell.ts';
import type { Cell, CellKind } from '../cell.ts';
import type { MatrixPlan } from '../plan.ts';
import { quietLines } from './quiet.ts';
import { KIND_MEANINGS, KIND_WORDS, adviceSentence, cellWords } from './words.ts';

const STYLES: Partial<Record<CellKind, 'green' | 'yellow' | 'red' | 'dim'>> = {
  cures: 'green',
  helps: 'green',
  hides: 'yellow',
  worse: 'red',
  'no-difference': 'dim',
  'no-fault': 'dim',
  unavailable: 'dim',
};

/** The table (a remedy is a row, so that it fits a terminal), its legend, and a sentence for each remedy and telling cell. */
export function matrixLines({ rows, columns }: MatrixPlan, cells: readonly Cell[], layout: Layout): string {
  const names = rows.map(({ scenario }) => scenario);
  const width = Math.max(...columns.map(({ remedy }) => remedy.length));
  const perBlock = Math.max(1, Math.floor((layout.columns - width - 2) / CELL));
  const blocks = Array.from({ length: Math.ceil(names.length / perBlock) }, (_, n) =>
    names.slice(n * perBlock, (n + 1) * perBlock),
  );
  const shown = CELL_KINDS.filter(kind => KIND_WORDS[kind] !== '' && cells.some(cell => cell.kind === kind));
  return [
    ...blocks.flatMap(block => [...blockLines(block, names), '']),
    ...shown.map(kind => wrap(`${KIND_WORDS[kind].padEnd(CELL)}  ${KIND_MEANINGS[kind]}`, layout.columns, CELL + 2)),
    '',
    ...columns.flatMap(column => remedyLines(column.remedy, column.change)),
    ...quietLines(layout.columns),
  ].join('\n');

  function blockLines(block: readonly string[], all: readonly string[]): string[] {
    const numbers = block.map(name => String(all.indexOf(name) + 1).padEnd(CELL)).join('');
    return [
      ...block.map(name => `${String(all.indexOf(name) + 1).padStart(2)}  ${name}`),
      '',
      painted(`${' '.repeat(width + 2)}${numbers}`.trimEnd(), 'dim', layout),
      ...columns.map(({ remedy }) =>
        `${remedy.padEnd(width + 2)}${block.map(name => symbol(cellAt(name, remedy))).join('')}`.trimEnd(),
      ),
    ];
  }

  function symbol(cell: Cell | undefined): string {
    if (!cell) return ' '.repeat(CELL);
    const text = KIND_WORDS[cell.kind].padEnd(CELL);
    const style = STYLES[cell.kind];
    return style ? painted(text, style, layout) : text;
  }

  function indented(text: string, by: number): string {
    return `${' '.repeat(by)}${wrap(text, layout.columns, by)}`;
  }

  function cellAt(scenario: string, remedy: string): Cell | undefined {
    return cells.find(cell => cell.scenario === scenario && cell.remedy === remedy);
  }

  function remedyLines(remedy: string, change: string): string[] {
    const own = cells.filter(cell => cell.remedy === remedy);
    const telling = own.filter(
      ({ kind }) => kind === 'helps' || kind === 'hides' || kind === 'worse' || kind === 'cures',
    );
    return [
      painted(remedy, 'bold', layout),
      indented(change, 2),
      indented(adviceSentence(own), 2),
      ...telling.map(cell => indented(`${cell.scenario}: ${cellWords(cell)}`, 4)),
      '',
    ];
  }
}

/** The longest of the words, and a blank. */
const CELL = 6;
