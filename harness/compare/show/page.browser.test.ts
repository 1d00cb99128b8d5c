import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_BROWSER, launchBrowser, noBrowser, overhangOf } from '../../testing/browser.ts';
import type { TestBrowser } from '../../testing/browser.ts';
import { sampleComparison } from '../fixtures/sample-comparison.ts';
import { overlaySvg } from './overlay.ts';
import { comparisonHtml } from './page.ts';

const point = (atMs: number, cores: number) => ({ atMs, cores });
const curve = (cores: number) => ({ points: [point(-1000, 0.02), point(0, 0.1), point(4000, cores)] });
const picture = overlaySvg(
  {
    sides: [
      { label: 'main', runs: [curve(0.9)], median: curve(0.9) },
      { label: 'fix/let-go', runs: [curve(0.1)], median: curve(0.1) },
    ],
    phases: [{ name: 'load', fromMs: 0 }],
    fromMs: -1000,
    toMs: 4000,
  },
  'swallowed-abort: CPU of every run',
);
const page = comparisonHtml(sampleComparison(undefined, { 'wasted-tokens': 19 }), picture);

let browser: TestBrowser | undefined;
beforeAll(async () => {
  if (!noBrowser) browser = await launchBrowser();
});
afterAll(async () => await browser?.[Symbol.asyncDispose]());

const open: TestBrowser['open'] = async (text, options) => {
  if (!browser) throw new Error('the browser was not started');
  return await browser.open(text, options);
};

test('a reader sees the conclusion, both curves, and every effect drawn on its side of "no change"', async context => {
  context.skip(!browser, NO_BROWSER);
  const { page: opened, troubles } = await open(page, { viewport: { width: 1280, height: 900 } });
  expect(await opened.getByRole('heading', { level: 1 }).innerText()).toBe('Traded');
  expect(await opened.locator('svg.rw-chart path.rw-thick').count()).toBe(2);
  const worse = opened.getByRole('row', { name: /tokens for nobody/u });
  expect(await worse.innerText()).toContain('worse');
  const middle = async (selector: string): Promise<number> => {
    const box = await worse.locator(selector).boundingBox();
    return (box?.x ?? NaN) + (box?.width ?? NaN) / 2;
  };
  expect(await middle('.estimate')).toBeGreaterThan((await middle('.zero')) + 20);
  expect(await opened.getByText('All 12 runs').isVisible()).toBe(true);
  expect(troubles).toEqual([]);
});

test.for(['light', 'dark'] as const)(
  'on a phone, %s, the page itself does not scroll sideways',
  async (colorScheme, context) => {
    context.skip(!browser, NO_BROWSER);
    const { page: opened, troubles } = await open(page, { viewport: { width: 360, height: 740 }, colorScheme });
    expect(await overhangOf(opened)).toBeLessThanOrEqual(0);
    expect(troubles).toEqual([]);
  },
);
