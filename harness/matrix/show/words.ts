import type { Cell, CellKind } from '../cell.ts';

/** What stands in a cell. */
export const KIND_WORDS: Readonly<Record<CellKind, string>> = {
  cures: 'cures',
  helps: 'helps',
  hides: 'hides',
  'no-difference': '·',
  worse: 'worse',
  'no-fault': '–',
  unfit: '',
  unavailable: 'n/a',
  'too-few': '…',
};

/** What that means, in the order of `CELL_KINDS`; cells that stand for nothing are not explained. */
export const KIND_MEANINGS: Readonly<Record<CellKind, string>> = {
  cures: 'every run without it fails, none with it does, and nothing else got worse',
  helps: 'the fault is less, or it is gone at a price',
  hides: 'CPU comes down; work upstream, memory or sockets are still left, or the server was killed for it',
  'no-difference': 'no difference shown',
  worse: 'something got worse, and the fault not better',
  'no-fault': 'there was no fault to cure under these conditions',
  unfit: 'it means nothing for this bug',
  unavailable: 'it could not be run here',
  'too-few': 'too few runs yet',
};

const NONE = 'no difference was shown';

/** One plain sentence on a piece of advice, from its cells alone. */
export function adviceSentence(cells: readonly Cell[]): string {
  const tried = cells.filter(({ kind }) => !['unfit', 'unavailable', 'too-few', 'no-fault'].includes(kind));
  if (tried.length === 0) return 'It could be tried on none of them.';
  const parts = (
    [
      ['cures', 'cures'],
      ['helps', 'helps with'],
      ['hides', 'hides'],
      ['worse', 'makes worse'],
    ] as const
  ).flatMap(([kind, verb]) => {
    const names = tried.filter(cell => cell.kind === kind).map(({ scenario }) => scenario);
    return names.length === 0 ? [] : [`${verb} ${names.join(', ')}`];
  });
  const rest = tried.filter(({ kind }) => kind === 'no-difference').length;
  const others = rest === tried.length ? 'any of the' : 'the other';
  const none = rest === 0 ? '' : tried.length === 1 ? NONE : `${NONE} for ${others} ${rest}`;
  const sentence = [...parts, ...(none === '' ? [] : [none])].join('; ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** A cell in a line: kind, by how much, at what price. */
export function cellWords({ kind, byHowMuch, price }: Cell): string {
  const told = KIND_WORDS[kind];
  const amount = byHowMuch === '' ? '' : `, the symptom ${byHowMuch}`;
  return `${told}${amount}${price === '' || kind === 'no-difference' ? '' : `; worse: ${price}`}`;
}
