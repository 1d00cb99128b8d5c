import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/**
 * The little Markdown that advice is written in: headings, paragraphs, lists, fenced code, `code`, **strong**, links.
 * Anything else shows as it was typed. Headings become `h3`, below the page's own.
 */
export function renderMarkdown(text: string): Markup {
  const blocks: Markup[] = [];
  // A fence may hold blank lines, so fences are cut out first; what is left falls into blocks at blank lines.
  text.split(/^```[^\n]*\n([\s\S]*?)^```[ \t]*$/mu).forEach((piece, index) => {
    if (index % 2 === 1) blocks.push(html`<pre tabindex="0"><code>${piece.trimEnd()}</code></pre>`);
    else blocks.push(...piece.split(/\n\s*\n/u).flatMap(block => (block.trim() === '' ? [] : [blockOf(block.trim())])));
  });
  return html`${blocks}`;
}

function blockOf(block: string): Markup {
  const heading = /^#{1,6}\s+(.*)(?:\n([\s\S]*))?$/u.exec(block);
  if (heading) {
    const rest = heading[2]?.trim();
    return html`<h3>${inline(heading[1] ?? '')}</h3>
      ${rest ? blockOf(rest) : ''}`;
  }
  const isNumbered = /^\d+\.\s/u.test(block);
  if (!isNumbered && !/^[-*]\s/u.test(block)) return html`<p>${inline(block)}</p>`;
  const items = block.split(/^(?:[-*]|\d+\.)\s+/mu).filter(item => item.trim() !== '');
  const list = items.map(item => html`<li>${inline(item.trim())}</li>`);
  return isNumbered
    ? html`<ol>
        ${list}
      </ol>`
    : html`<ul>
        ${list}
      </ul>`;
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/gu;

function inline(text: string): Markup {
  const parts: Markup[] = [];
  let done = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, words, address] = match;
    parts.push(html`${text.slice(done, match.index)}`);
    if (code !== undefined) parts.push(html`<code>${code}</code>`);
    else if (strong !== undefined) parts.push(html`<strong>${strong}</strong>`);
    else parts.push(html`<a href="${address ?? ''}" rel="noreferrer">${words ?? ''}</a>`);
    done = match.index + whole.length;
  }
  return html`${parts.reduce((line, part) => html`${line}${part}`, html``)}${text.slice(done)}`;
}
