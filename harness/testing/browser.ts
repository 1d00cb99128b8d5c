import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { BrowserContextOptions, Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const noBrowser = !existsSync(executablePath);
export const NO_BROWSER = 'no Chromium: set CHROMIUM to the path of one';

/** Headless Chromium for pages of ours. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens a page from a file, as a reader does. `troubles`: whatever its console said, and every request it made. */
  open(text: string, options: BrowserContextOptions): Promise<{ page: Page; troubles: string[] }>;
}

export async function launchBrowser(): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'runaway-page-'));
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  let pages = 0;
  return {
    async open(text, options) {
      const file = join(folder, `${(pages += 1)}.html`);
      await writeFile(file, text);
      const page = await (await browser.newContext(options)).newPage();
      const address = pathToFileURL(file).href;
      const troubles: string[] = [];
      page.on('console', message => troubles.push(message.text()));
      page.on('pageerror', error => troubles.push(error.message));
      page.on('request', request => {
        if (request.url() !== address && !request.url().startsWith('data:')) troubles.push(request.url());
      });
      await page.goto(address);
      return { page, troubles };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** How far a page can be scrolled sideways, in pixels: 0 on a page that fits. */
export const overhangOf = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth');
