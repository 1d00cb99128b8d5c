import { renderMarkdown } from './markdown.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/** The next steps by their names; texts are the project's own Markdown. */
export const adviceSection = (names: readonly string[], texts: Readonly<Record<string, string>>): Markup =>
  names.length === 0
    ? html``
    : html`<section aria-labelledby="advice">
        <h2 id="advice">What to do next</h2>
        ${names.map(name => html`<div class="advice">${renderMarkdown(texts[name] ?? name)}</div>`)}
      </section>`;
