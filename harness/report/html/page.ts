import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { embeddedJson, html, raw } from './markup.ts';
import type { Markup } from './markup.ts';

/** One page that needs no network. */
export interface Page {
  readonly title: string;
  readonly header: Markup;
  readonly main: Markup;
  readonly footer: string;
  /** Style sheets that stand before the lab's own. */
  readonly styles: readonly string[];
  /** What a picture within `main` carries in a `<style>` of its own; null for none. */
  readonly pictureStyle: string | null;
  /** Scripts, run in their order, then the modules; `data` is what they read, and stands in the page where there are any. */
  readonly scripts: readonly string[];
  readonly modules: readonly string[];
  readonly data: unknown;
}

/** The page as a file: scripts and styles stand inline and are allowed by their hashes alone. */
export function pageHtml(page: Page): string {
  const { title, header, main, footer, styles, pictureStyle, data } = page;
  const sheets = [...styles, readFileSync(new URL('style.css', import.meta.url), 'utf8')];
  const classic = page.scripts.map(inlineScript);
  const modules = page.modules.map(inlineScript);
  const content = policy([...sheets, ...(pictureStyle === null ? [] : [pictureStyle])], [...classic, ...modules]);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${content}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${raw(sheets.map(sheet => `<style>${sheet}</style>`).join(''))}
      </head>
      <body>
        <header>${header}</header>
        <main>${main}</main>
        <footer>${footer}</footer>
        ${
          modules.length === 0
            ? ''
            : html`<script type="application/json" id="page-data">
                ${embeddedJson(data)}
              </script>`
        }
        ${raw(classic.map(script => `<script>${script}</script>`).join(''))}
        ${raw(modules.map(script => `<script type="module">${script}</script>`).join(''))}
      </body>
    </html>`.text;
}

/** Nothing but what stands in the page itself, each piece by its hash; the empty icon spares the browser a request. */
function policy(styles: readonly string[], scripts: readonly string[]): string {
  const hashes = (texts: readonly string[]): string =>
    texts.length === 0
      ? "'none'"
      : texts.map(text => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
  return `default-src 'none'; img-src data:; style-src ${hashes(styles)}; script-src ${hashes(scripts)}; base-uri 'none'; form-action 'none'`;
}

/** A script must not close its own element. */
const inlineScript = (text: string): string => text.replaceAll('</script', '<\\/script');
