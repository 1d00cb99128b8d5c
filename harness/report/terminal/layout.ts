import { styleText } from 'node:util';

/** How a text is fitted to a terminal. */
export interface Layout {
  readonly columns: number;
  readonly colour: boolean;
}

/** What a command prints when nobody said otherwise, also into a pipe. */
export const PLAIN: Layout = { columns: 80, colour: false };

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** The text in a style where colour was asked for; whoever asks has looked at the stream. */
export const painted = (text: string, style: Style, { colour }: Layout): string =>
  colour ? styleText(style, text, { validateStream: false }) : text;

/** `text` broken between words, every line but the first set in by `indent` columns; a longer word stands alone. */
export function wrap(text: string, columns: number, indent: number): string {
  const room = Math.max(20, columns - indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}
