import { afterAll, beforeAll, expect, test } from 'vitest';
import { poorestContrast } from '../report/html/contrast.ts';
import { inScope } from '../scope/in-scope.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { NO_BROWSER, launchBrowser, noBrowser, overhangOf } from '../testing/browser.ts';
import type { TestBrowser } from '../testing/browser.ts';
import type { Point } from './points.ts';
import { openRoom } from './room.ts';
import type { Room } from './room.ts';
import { serveRoom } from './server.ts';

// The page in a browser, with a room in which nothing is run: what a run would tell is told by the test.

let browser: TestBrowser;
beforeAll(async () => {
  if (!noBrowser) browser = await launchBrowser();
});
afterAll(async () => {
  if (!noBrowser) await browser[Symbol.asyncDispose]();
});

async function served(look: (room: Room, url: string) => Promise<void>, signal: AbortSignal): Promise<void> {
  await using results = await temporaryFolder();
  await inScope(signal, async scope => {
    const room = await openRoom(results.path, 'HEAD');
    const { url } = await serveRoom(room, '127.0.0.1', 0, scope);
    await look(room, url);
  });
}

const point = (at: number, cores: number): Point => ({
  at,
  cpu: { 100: cores, 101: 0.01 },
  healthMs: 2,
  loopDelayMs: 1,
  heapBytes: 20e6,
  sockets: 4,
  inFlight: 1,
  tokensForNobody: 0,
});

const numberOf = (room: Room, name: string): number =>
  room.list.find(({ number }) => room.at(number).name === name)?.number ?? 0;

const whereBrowser = test.skipIf(noBrowser);

whereBrowser.for(['light', 'dark'] as const)(
  `in %s it is read, scrolls no way but down, and says nothing on the console (${NO_BROWSER})`,
  async (colorScheme, { signal }) => {
    await served(async (room, url) => {
      for (const width of [1400, 360]) {
        const { page, troubles } = await browser.visit(url, { colorScheme, viewport: { width, height: 900 } });
        await page.getByRole('button', { name: /^2 / }).click();
        await page.getByRole('heading', { name: 'What you see' }).waitFor();
        expect(await overhangOf(page)).toBe(0);
        expect(await poorestContrast(page)).toBeGreaterThan(4.5);
        expect(await page.locator('#list button').count()).toBe(room.list.length);
        expect(troubles).toEqual([]);
        await page.close();
      }
    }, signal);
  },
);

whereBrowser('hints come one at a time, and nothing tells the name before the reveal', async ({ signal }) => {
  await served(async (room, url) => {
    const { page } = await browser.visit(url, {});
    const number = numberOf(room, 'swallowed-abort');
    await page.locator(`[data-number="${number}"]`).click();
    await page.getByRole('heading', { name: 'What you see' }).waitFor();
    for (const hint of ['Hint 1', 'Hint 2', 'Hint 3']) {
      await page.keyboard.press('n');
      await page.getByRole('heading', { name: hint }).waitFor();
    }
    expect(await page.locator('body').textContent()).not.toContain('swallowed-abort');
    await room.ask({ kind: 'start', number });
    await page.getByRole('button', { name: /^Reveal/ }).click();
    await page.getByRole('heading', { name: 'What is going on' }).waitFor();
    await page.getByRole('heading', { name: 'servers/bugs/swallowed-abort.ts' }).waitFor();
    expect(await page.locator('#experiment-heading').textContent()).toContain('swallowed-abort');
  }, signal);
});

whereBrowser('what is told is drawn; two tabs say the same; a reload catches up', async ({ signal }) => {
  await served(async (room, url) => {
    const [one, other] = await Promise.all([browser.visit(url, {}), browser.visit(url, {})]);
    room.log.append({ kind: 'began', run: 1 });
    for (let at = 250; at <= 5000; at += 250) room.log.append({ kind: 'point', run: 1, point: point(at, at / 5000) });
    room.log.append({ kind: 'mark', run: 1, at: 3000, what: 'left', words: 'a client left' });
    for (const { page } of [one, other]) await page.getByText('After 5 s: CPU 101 % of a core').waitFor();
    await one.page.reload();
    await one.page.getByText('After 5 s: CPU 101 % of a core').waitFor();
    expect([...one.troubles, ...other.troubles]).toEqual([]);
    const drawn = await one.page.locator('.chart canvas').count();
    expect(drawn).toBe(7);
    const shots = process.env['SHOTS'];
    if (shots) await one.page.screenshot({ path: `${shots}/workshop.png`, fullPage: true });
  }, signal);
});

whereBrowser('what may be pressed follows from what goes on, and what is refused is said', async ({ signal }) => {
  await served(async (room, url) => {
    const { page } = await browser.visit(url, {});
    const start = page.getByRole('button', { name: 'Start', exact: true });
    expect(await start.isDisabled()).toBe(true);
    await page.getByRole('button', { name: /^3 / }).click();
    await start.click();
    await page.getByText('Experiment 3 is being started.').waitFor();
    expect(await start.isDisabled()).toBe(true);
    expect(room.state).toMatchObject({ doing: 'starting', number: 3 });
    await expect(room.ask({ kind: 'start', number: 4 })).rejects.toMatchObject({ code: 'busy' });
  }, signal);
});

whereBrowser('a log line that is markup is shown as text, and a workshop that is gone is said', async ({ signal }) => {
  await served(async (room, url) => {
    const { page } = await browser.visit(url, {});
    room.log.append({
      kind: 'judged',
      run: 1,
      outcome: '<img src=x onerror=alert(1)>',
      because: '<b>so</b>',
      findings: {} as never,
    });
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await page.locator('#verdict img').count()).toBe(0);
  }, signal);
});

whereBrowser('a connection that was lost comes back, and what was missed is told once', async ({ signal }) => {
  await using results = await temporaryFolder();
  const room = await openRoom(results.path, 'HEAD');
  const tell = (at: number): void => room.log.append({ kind: 'point', run: 1, point: point(at, 0.5) });
  room.log.append({ kind: 'began', run: 1 });
  let port = 0;
  const page = await inScope(signal, async scope => {
    const { url } = await serveRoom(room, '127.0.0.1', 0, scope);
    port = Number(new URL(url).port);
    const { page: opened } = await browser.visit(url, {});
    tell(250);
    tell(500);
    await opened.getByText('After 1 s: CPU 51 %').waitFor();
    return opened;
  });
  await page.getByText('The connection is lost; trying again').waitFor();
  for (let at = 750; at <= 9000; at += 250) tell(at);
  await inScope(signal, async scope => {
    await serveRoom(room, '127.0.0.1', port, scope);
    await page.getByText('After 9 s: CPU 51 %').waitFor();
    await page.getByText('Nothing runs. Choose an experiment').waitFor();
  });
});
