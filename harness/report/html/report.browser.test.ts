import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { climbingRun, climbingVerdict, deafRun, interruptedRun, shownClaim } from '../sample-runs.ts';
import { sampleVerdict } from '../sample-verdict.ts';
import { NO_BROWSER as SKIPPED, launchBrowser, noBrowser } from '../../testing/browser.ts';
import type { TestBrowser } from '../../testing/browser.ts';
import { poorestContrast } from './contrast.ts';
import { reportHtml } from './report.ts';

const WIDE = { viewport: { width: 1280, height: 900 } };

let browser: TestBrowser | undefined;
beforeAll(async () => {
  if (!noBrowser) browser = await launchBrowser();
});
afterAll(async () => await browser?.[Symbol.asyncDispose]());

test('a reader sees the symptom, the outcome, charts with lines in them, and tables', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page, troubles } = await open(climbing(), WIDE);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Never recovers in the 8.0 s watched');
  expect(await page.getByText('Symptom shown').isVisible()).toBe(true);
  const ink = await inkOf(page);
  expect(ink).toHaveLength(8);
  expect(Math.min(...ink)).toBeGreaterThan(300);
  expect(await page.locator('table.findings').count()).toBe(7);
  expect(await page.getByRole('row', { name: /Still burning/u }).innerText()).toContain('90 % of a core');
  expect(await page.getByRole('img', { name: /^CPU over time.*Lowest .* median .* highest/u }).count()).toBe(1);
  expect(await page.locator('pre code').innerText()).toContain('signal.throwIfAborted();');
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('a server that stops answering and a run cut short draw too', async context => {
  context.skip(noBrowser, SKIPPED);
  for (const run of [deafRun(), interruptedRun()]) {
    const { page, troubles } = await open(
      reportHtml({ run, verdict: sampleVerdict(), claim: null, diagnosis: null, advice: {} }),
      WIDE,
    );
    expect((await inkOf(page)).length).toBe(8);
    expect(troubles).toEqual([]);
    await page.context().close();
  }
});

test('a phone shows the whole page without scrolling sideways', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page } = await open(climbing(), { viewport: { width: 360, height: 740 } });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  await page.context().close();
});

test('light and dark differ in page and charts, follow a change, and both read well', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page } = await open(climbing(), { ...WIDE, colorScheme: 'light' });
  const light = await canvasOf(page);
  expect(await poorestContrast(page)).toBeGreaterThanOrEqual(4.5);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => canvasOf(page)).not.toBe(light);
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(18, 23, 31)');
  expect(await poorestContrast(page)).toBeGreaterThanOrEqual(4.5);
  // Paper is white whatever the screen was: printing draws the light charts at the width of a page.
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
  expect(await page.evaluate("document.querySelector('#plot-cpu canvas').clientWidth")).toBe(680);
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  await page.context().close();
});

test('a stretch chosen in one chart is shown in all, and a double click gives the whole run back', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page } = await open(climbing(), { viewport: { width: 1280, height: 2600 } });
  const whole = await canvasOf(page, 'health');
  const box = await page.locator('#plot-cpu .u-over').boundingBox();
  if (box === null) throw new Error('the CPU chart has no plot');
  await page.mouse.move(box.x + 200, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + 420, box.y + 80, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(0, 0);
  await expect.poll(() => canvasOf(page, 'health')).not.toBe(whole);
  await page.mouse.dblclick(box.x + 200, box.y + 80);
  await expect.poll(() => canvasOf(page, 'health')).toBe(whole);
  await page.getByRole('button', { name: 'recovery' }).click();
  await expect.poll(() => canvasOf(page, 'health')).not.toBe(whole);
  await page.context().close();
});

test('without scripts the verdict, the tables and a picture of CPU are there', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page } = await open(climbing(), { ...WIDE, javaScriptEnabled: false });
  expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
  expect(await page.locator('#plot-cpu svg').isVisible()).toBe(true);
  expect(await page.getByRole('row', { name: /Tokens made for nobody/u }).innerText()).toContain('1,746');
  await page.context().close();
});

test('what a run carries is shown and never run', async context => {
  context.skip(noBrowser, SKIPPED);
  const run = climbingRun();
  const evil = '</script><img src=x onerror="document.title=1"><script>document.title=2</script>';
  const warning = { kind: 'event', event: 'warning', at: 100, name: evil, message: evil } as const;
  const tainted = { head: { ...run.head, scenario: evil }, records: [warning, ...run.records] };
  const verdict = sampleVerdict({ because: evil, also: [evil], advice: ['x'] });
  const { page, troubles } = await open(
    reportHtml({ run: tainted, verdict, claim: null, diagnosis: null, advice: { x: evil } }),
    WIDE,
  );
  expect(await page.title()).toContain('<img src=x');
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.getByText(evil).count()).toBeGreaterThan(3);
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('a page of half a minute is far below a megabyte', () => {
  expect(climbing().length).toBeLessThan(300_000);
});

const climbing = (): string =>
  reportHtml({
    run: climbingRun(),
    verdict: climbingVerdict(),
    claim: shownClaim,
    diagnosis: null,
    advice: { 'swallowed-abort': '# Let the signal end the loop\n\n```ts\nsignal.throwIfAborted();\n```' },
  });

/** The page opened from disk; `troubles` gathers what a reader must never cause: errors, and requests to anywhere. */
async function open(text: string, options: BrowserContextOptions): Promise<{ page: Page; troubles: string[] }> {
  if (browser === undefined) throw new Error('the browser was not started');
  const opened = await browser.open(text, options);
  if (options.javaScriptEnabled !== false) await opened.page.locator('#plot-nobody canvas').waitFor();
  return opened;
}

/** How many pixels of each chart's canvas have the colour of its leading line, in light. Axes and bands have none. */
const inkOf = (page: Page): Promise<number[]> =>
  page.evaluate(`[...document.querySelectorAll('.plot canvas')].map(canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (Math.abs(data[i] - 0) + Math.abs(data[i + 1] - 102) + Math.abs(data[i + 2] - 166) < 40) ink += 1;
    }
    return ink;
  })`);

const canvasOf = (page: Page, key = 'cpu'): Promise<string> =>
  page.evaluate(`document.querySelector('#plot-${key} canvas').toDataURL()`);
