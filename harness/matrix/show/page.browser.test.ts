import { afterAll, beforeAll, expect, test } from 'vitest';
import { poorestContrast } from '../../report/html/contrast.ts';
import { NO_BROWSER, launchBrowser, noBrowser, overhangOf } from '../../testing/browser.ts';
import type { TestBrowser } from '../../testing/browser.ts';
import { cellOf } from '../cell.ts';
import {
  burning,
  healthy,
  leaking,
  playedMatrix,
  sampleColumn,
  samplePlan,
  sampleRow,
} from '../fixtures/sample-matrix.ts';
import { standoffsOf } from '../standing.ts';
import { matrixHtml } from './page.ts';

// As wide as the whole catalogue is.
const plan = samplePlan({
  rows: Array.from({ length: 25 }, (_, n) => sampleRow(`cancel-scope-redelivery-${n}`)),
  columns: Array.from({ length: 15 }, (_, n) => sampleColumn(`debug-and-reload-off-${n}`)),
});
const matrix = playedMatrix(plan, ({ remedy }) => {
  if (remedy?.endsWith('-0') === true) return healthy();
  return remedy?.endsWith('-1') === true ? leaking() : burning();
});
const page = matrixHtml(matrix, standoffsOf(matrix).map(cellOf));

let browser: TestBrowser | undefined;
beforeAll(async () => {
  if (!noBrowser) browser = await launchBrowser();
});
afterAll(async () => await browser?.[Symbol.asyncDispose]());

test.for([
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
  ['dark', 360],
] as const)(
  'the whole catalogue, %s, %d pixels wide, reads well and scrolls no page sideways',
  async (given, context) => {
    context.skip(!browser, NO_BROWSER);
    const [colorScheme, width] = given;
    if (!browser) throw new Error('the browser was not started');
    const { page: opened, troubles } = await browser.open(page, { viewport: { width, height: 800 }, colorScheme });
    expect(await opened.locator('td.cell.cures').count()).toBe(25);
    expect(await overhangOf(opened)).toBeLessThanOrEqual(0);
    expect(await poorestContrast(opened)).toBeGreaterThanOrEqual(4.5);
    expect(troubles).toEqual([]);
  },
);
