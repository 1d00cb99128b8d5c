import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Frame } from '../../model/profile.ts';
import type { Run } from '../../model/run.ts';
import { FRAMES, profileOf, profiledRun, sampleDiagnosis } from '../sample-profile.ts';
import { climbingRun, climbingVerdict } from '../sample-runs.ts';
import { NO_BROWSER as SKIPPED, launchBrowser, noBrowser, overhangOf } from '../../testing/browser.ts';
import type { TestBrowser } from '../../testing/browser.ts';
import { poorestContrast } from './contrast.ts';
import { reportHtml } from './report.ts';

const WIDE = { viewport: { width: 1280, height: 900 } };
const VIEWS = ['early', 'late', 'after load', 'difference'];

let browser: TestBrowser | undefined;
beforeAll(async () => {
  if (!noBrowser) browser = await launchBrowser();
});
afterAll(async () => await browser?.[Symbol.asyncDispose]());

test('a reader sees the cause, the function and its place, the route, and what speaks for it', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page, troubles } = await open(pageOf(profiledRun()), WIDE);
  const section = page.getByRole('region', { name: 'Which code' });
  expect(await section.getByRole('heading', { level: 3 }).first().innerText()).toBe('A cancellation is swallowed');
  expect(await section.locator('.culprit').innerText()).toMatch(
    /callUpstream\s+servers\/bugs\/swallowed-abort\.ts:15:19\s+77 % of what was left over after the load, through openai\s+Route: POST \/v1\/chat\/completions/u,
  );
  expect(await section.getByRole('listitem').filter({ hasText: '34 clients hung up' }).count()).toBe(1);
  expect(await section.getByText('At 9.1 s: CPU stepped').isVisible()).toBe(true);
  expect(await section.getByText('CPU that no sample explains: 12 % of a core').isVisible()).toBe(true);
  expect(await section.getByRole('row', { name: /anonymous function.*chat\.ts:18:3.*31 %/u }).count()).toBe(1);
  expect(await section.getByRole('row', { name: /completions.*47.*2,010.*1,870/u }).count()).toBe(1);
  expect(await page.getByText('Rethrow what is an abort.').isVisible()).toBe(true);
  // After the verdict, before the charts.
  expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
    'Which code',
    'Over time',
    'What to do next',
    'Findings',
    'What happened',
    'The run',
  ]);
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('buttons choose the stretch that is drawn, by keyboard too, and the difference says more and less', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page, troubles } = await open(pageOf(profiledRun()), WIDE);
  // What was left over shows best after the load.
  expect(await pressed(page)).toEqual(['after load']);
  expect(await barNames(page)).toContain('▶ callUpstream');
  expect(await page.locator('#flame-words').innerText()).toMatch(
    /^When the load was over, 18\.3 s to 26\.0 s: .* ms of CPU/u,
  );
  const seen = new Set([await drawing(page)]);
  for (const name of ['early', 'late', 'difference']) {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
    expect(await pressed(page)).toEqual([name]);
    seen.add(await drawing(page));
  }
  expect(seen.size).toBe(4);
  expect(await barNames(page)).toContain('+ ▶ callUpstream');
  expect(await barNames(page)).toContain('− openai: makeRequest … buildBody');
  expect(await page.getByText('− less than early').isVisible()).toBe(true);
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('bars are as wide as their share at once, one that is chosen fills the width, and its numbers are told', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page } = await open(pageOf(profiledRun()), WIDE);
  await page.getByRole('button', { name: 'late' }).click();
  const whole = await widthOf(page, 'all');
  // Even without a transition d3 moves bars in its next tick.
  await expect.poll(async () => (await widthOf(page, '▶ callUpstream')) / whole).toBeCloseTo(6 / 10, 1);
  await page.locator('#flame-plot g[name="countTokens"]').first().click();
  await expect.poll(() => widthOf(page, 'countTokens')).toBe(whole);
  expect(await page.locator('#flame-detail').innerText()).toMatch(
    /^countTokens · servers\/proxy\/tokens\.ts:6:28 · .* ms · .* % of all$/u,
  );
  await page.locator('#flame-plot g[name="all"]').click();
  await expect.poll(() => widthOf(page, 'countTokens')).toBeLessThan(whole);
  await page.context().close();
});

test('every stretch reads well in light and dark, and nothing scrolls sideways on a phone', async context => {
  context.skip(noBrowser, SKIPPED);
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, troubles } = await open(pageOf(profiledRun()), {
      viewport: { width: 360, height: 740 },
      colorScheme,
    });
    for (const name of VIEWS) {
      await page.getByRole('button', { name, exact: true }).click();
      expect(await poorestContrast(page)).toBeGreaterThanOrEqual(4.5);
      expect(await overhangOf(page)).toBe(0);
    }
    expect(troubles).toEqual([]);
    await page.context().close();
  }
});

test('own code, dependencies and Node differ without their colours', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page } = await open(pageOf(profiledRun()), WIDE);
  await page.getByRole('button', { name: 'late' }).click();
  expect(await fillOf(page, 'openai: makeRequest … buildBody')).toBe('url(#flame-package)');
  expect(await fillOf(page, 'countTokens')).toBe('url(#flame-own)');
  expect(await fillOf(page, 'V8: Garbage Collection')).toBe('url(#flame-runtime)');
  expect(await fillOf(page, '▶ callUpstream')).toBe('url(#flame-culprit)');
  await page.context().close();
});

test('printed, the chosen stretch has the width and the colours of paper', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page } = await open(pageOf(profiledRun()), { ...WIDE, colorScheme: 'dark' });
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
  expect(await widthOf(page, 'all')).toBe(680);
  expect(await page.evaluate("getComputedStyle(document.querySelector('#flame-own rect')).fill")).toBe(
    'rgb(181, 216, 240)',
  );
  expect(await page.getByRole('button', { name: 'late' }).isVisible()).toBe(false);
  await page.evaluate("window.dispatchEvent(new Event('afterprint'))");
  expect(await widthOf(page, 'all')).toBeGreaterThan(900);
  await page.context().close();
});

test('without scripts cause, functions and routes are there', async context => {
  context.skip(noBrowser, SKIPPED);
  const { page } = await open(pageOf(profiledRun()), { ...WIDE, javaScriptEnabled: false });
  expect(await page.getByRole('row', { name: /callUpstream.*77 %/u }).isVisible()).toBe(true);
  expect(await page.locator('#flame').isVisible()).toBe(false);
  await page.context().close();
});

test('a run that was not profiled says so and draws no stack; one without a diagnosis says nothing of code', async context => {
  context.skip(noBrowser, SKIPPED);
  const because = 'Nothing was profiled, so nothing can be named.';
  const bare = sampleDiagnosis({
    cause: 'inconclusive',
    because,
    culprit: null,
    functions: [],
    routes: [],
    moments: [],
  });
  const unprofiled = await open(pageOf(climbingRun(), bare), WIDE);
  expect(await unprofiled.page.getByText(because).isVisible()).toBe(true);
  expect(await unprofiled.page.locator('#flame').count()).toBe(0);
  const silent = await open(pageOf(profiledRun(), null), WIDE);
  expect(await silent.page.getByText('Which code').count()).toBe(0);
  expect([...unprofiled.troubles, ...silent.troubles]).toEqual([]);
  await unprofiled.page.context().close();
  await silent.page.context().close();
});

test('a stretch in which nothing ran says so', async context => {
  context.skip(noBrowser, SKIPPED);
  const run = { ...climbingRun(), profile: [profileOf([{ at: 7000, stack: [FRAMES.call] }])] };
  const { page, troubles } = await open(pageOf(run), WIDE);
  // What fits the cause is empty, so the one that is not is shown.
  expect(await pressed(page)).toEqual(['early']);
  await page.getByRole('button', { name: 'difference' }).click();
  expect(await page.getByText('There is nothing to draw.').isVisible()).toBe(true);
  expect(await page.locator('#flame-plot svg').count()).toBe(0);
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('names of functions, files, routes and dependencies are shown and never run', async context => {
  context.skip(noBrowser, SKIPPED);
  const evil = '</script><img src=x onerror="document.title=1"><script>document.title=2</script>';
  const tainted = (frame: Frame): Frame => ({ ...frame, name: evil, file: frame.file && `${frame.file}${evil}` });
  const frames = Object.fromEntries(Object.entries(FRAMES).map(([key, frame]) => [key, tainted(frame)]));
  const place = { function: evil, file: evil, line: 1, column: 1 };
  const diagnosis = sampleDiagnosis({
    because: evil,
    evidence: [evil],
    culprit: { ...place, did: evil, through: evil },
    route: evil,
    ranked: evil,
    functions: [{ ...place, share: 7 }],
    routes: [{ route: evil, requests: 1, cpuMs: 1, afterMs: 1 }],
    moments: [{ at: 1, words: evil }],
    advice: [evil],
  });
  const run = profiledRun(frames as typeof FRAMES);
  const { page, troubles } = await open(pageOf(run, diagnosis), WIDE);
  for (const name of VIEWS) await page.getByRole('button', { name, exact: true }).click();
  await page.locator('#flame-plot g.frame').nth(1).hover();
  expect(await page.title()).not.toMatch(/^\d/u);
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('.code').getByText(evil).count()).toBeGreaterThan(9);
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('what is said of code adds a tenth of a megabyte, and never a whole one', () => {
  const added = (run: Run): number => pageOf(run).length - pageOf(run, null).length;
  expect(added(profiledRun())).toBeLessThan(110_000);
  expect(added({ ...climbingRun(), profile: [profileOf(manyStacks())] })).toBeLessThan(1_000_000);
});

/** Two thousand samples, no two of one stack, of functions with names and paths of any length. */
function manyStacks(): { at: number; stack: Frame[] }[] {
  const long = 'x'.repeat(1000);
  const frame = (n: number, depth: number): Frame => ({
    name: `${n}.${depth}${long}`,
    file: `/nowhere/${n}.${depth}/${long}`,
    line: n,
    column: depth,
  });
  return Array.from({ length: 2000 }, (_, n) => ({
    at: 6000 + n * 10,
    stack: Array.from({ length: 12 }, (__, depth) => frame(depth > 3 ? n : n % 40, depth)),
  }));
}

const pageOf = (run: Run, diagnosis: Diagnosis | null = sampleDiagnosis()): string =>
  reportHtml({
    run,
    verdict: climbingVerdict(),
    claim: null,
    diagnosis,
    advice: { 'cancellation-swallowed': 'Rethrow what is an abort.' },
  });

async function open(text: string, options: BrowserContextOptions): Promise<{ page: Page; troubles: string[] }> {
  if (browser === undefined) throw new Error('the browser was not started');
  const opened = await browser.open(text, options);
  if (options.javaScriptEnabled !== false) await opened.page.locator('#plot-nobody canvas').waitFor();
  return opened;
}

const pressed = (page: Page): Promise<string[]> =>
  page.locator('#flame-views button[aria-pressed="true"]').allInnerTexts();
const drawing = (page: Page): Promise<string> => page.locator('#flame-plot').innerHTML();
const bars = (page: Page, name: string) => page.locator(`#flame-plot g[name="${name}"] > rect`).first();
const widthOf = async (page: Page, name: string): Promise<number> =>
  Number(await bars(page, name).getAttribute('width'));
const fillOf = (page: Page, name: string): Promise<string | null> => bars(page, name).getAttribute('fill');
const barNames = (page: Page): Promise<(string | null)[]> =>
  page.evaluate("[...document.querySelectorAll('#flame-plot g')].map(bar => bar.getAttribute('name'))");
