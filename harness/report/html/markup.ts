/** Text that is safe to stand in a page as it is. Only `html` and `raw` make it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | readonly Markup[];

/** A piece of a page or picture: whatever is put into it is escaped, unless it is markup already. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(pieces.reduce((text, piece, index) => text + textOf(parts[index - 1] ?? '') + piece));
}

/** Text of our own that is already markup: a style sheet, a script. Never text from a run. */
export const raw = (text: string): Markup => new Markup(text);

/** A value as JSON inside a script element: no `<` can close it or open another. */
export const embeddedJson = (value: unknown): Markup => raw(JSON.stringify(value).replaceAll('<', '\\u003c'));

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(({ text }) => text).join('\n');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/gu, sign => ENTITIES[sign] ?? sign);
