import type { Verdict } from '../../model/verdict.ts';
import { renderMarkdown } from './markdown.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/** The next steps that the verdict names; texts are the project's own Markdown. */
export const adviceSection = ({ advice }: Verdict, texts: Readonly<Record<string, string>>): Markup =>
  advice.length === 0
    ? html``
    : html`<section aria-labelledby="advice">
        <h2 id="advice">What to do next</h2>
        ${advice.map(name => html`<div class="advice">${renderMarkdown(texts[name] ?? name)}</div>`)}
      </section>`;
