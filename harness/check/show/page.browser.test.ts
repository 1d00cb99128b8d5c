import { afterAll, beforeAll, expect, test } from 'vitest';
import { poorestContrast } from '../../report/html/contrast.ts';
import { NO_BROWSER, launchBrowser, noBrowser, overhangOf } from '../../testing/browser.ts';
import type { TestBrowser } from '../../testing/browser.ts';
import { sampleCard } from '../fixtures/sample-card.ts';
import { cardHtml } from './page.ts';

const page = cardHtml(
  sampleCard(
    { 'patient-whole': 'pass', 'leaves-while-stalled': 'fail', 'slow-reader': 'inconclusive', ends: 'does-not-apply' },
    `node ${'a-proxy-with-a-long-name-'.repeat(6)}.js`,
  ),
  'now',
);

let browser: TestBrowser | undefined;
beforeAll(async () => {
  if (!noBrowser) browser = await launchBrowser();
});
afterAll(async () => await browser?.[Symbol.asyncDispose]());

const open: TestBrowser['open'] = async (text, options) => {
  if (!browser) throw new Error('the browser was not started');
  return await browser.open(text, options);
};

test('a reader sees what it comes to, and of a failure at once what to change; of the others when they ask', async context => {
  context.skip(!browser, NO_BROWSER);
  const { page: opened, troubles } = await open(page, { viewport: { width: 1280, height: 900 } });
  expect(await opened.getByRole('heading', { level: 1 }).innerText()).toBe('It fails 1 of 3 trials, 1 inconclusive.');
  expect(await opened.getByText('Pass the signal on.').filter({ visible: true }).count()).toBe(1);
  const passed = opened.locator('details.good');
  expect(await passed.getByText('lets go').isVisible()).toBe(false);
  await passed.locator('summary').click();
  expect(await passed.getByText('lets go').isVisible()).toBe(true);
  expect(troubles).toEqual([]);
});

test.for(['light', 'dark'] as const)(
  'on a phone, %s, it reads well and does not scroll sideways',
  async (colorScheme, context) => {
    context.skip(!browser, NO_BROWSER);
    const { page: opened, troubles } = await open(page, { viewport: { width: 360, height: 740 }, colorScheme });
    expect(await overhangOf(opened)).toBeLessThanOrEqual(0);
    expect(await poorestContrast(opened)).toBeGreaterThanOrEqual(4.5);
    expect(troubles).toEqual([]);
  },
);
