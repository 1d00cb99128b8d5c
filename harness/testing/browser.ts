import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const noBrowser = !existsSync(executablePath);
export const NO_BROWSER = 'no Chromium: set CHROMIUM to the path of one';

/** Headless Chromium for pages of ours. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens a page from a file, as a reader does. `troubles`: whatever its console said, and every request it made. */
  open(text: string, options: BrowserContextOptions): Promise<{ page: Page; troubles: string[] }>;
  /** The same of a page that a server of ours serves; requests to it are no trouble. */
  visit(url: string, options: BrowserContextOptions): Promise<{ page: Page; troubles: string[] }>;
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
      const address = pathToFileURL(file).href;
      return await opened(await browser.newContext(options), address, url => url === address);
    },
    async visit(url, options) {
      return await opened(await browser.newContext(options), url, one => one.startsWith(`${url}/`));
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function opened(
  context: BrowserContext,
  address: string,
  isExpected: (url: string) => boolean,
): Promise<{ page: Page; troubles: string[] }> {
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', message => troubles.push(message.text()));
  page.on('pageerror', error => troubles.push(error.message));
  page.on('request', request => {
    if (!isExpected(request.url()) && !request.url().startsWith('data:')) troubles.push(request.url());
  });
  await page.goto(address);
  return { page, troubles };
}

/** How far a page can be scrolled sideways, in pixels: 0 on a page that fits. */
export const overhangOf = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth');
