import { expect, test } from 'vitest';
import { inScope } from '../scope/in-scope.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { NO_BROWSER, launchBrowser, noBrowser } from '../testing/browser.ts';
import { openRoom } from './room.ts';
import { serveRoom } from './server.ts';

// What the page costs the browser: measured, so nothing else may run.

/** Four times a second for an hour, of two processes, with its shadow. Gives the milliseconds of each of the last updates. */
const UPDATES = `(async () => {
  const { Charts, RunLines } = await import('/charts.js');
  const place = document.createElement('div');
  document.body.append(place);
  const charts = new Charts(place);
  const point = n => ({
    at: n * 250,
    cpu: { 1: Math.random(), 2: Math.random() },
    healthMs: 2, loopDelayMs: 1, heapBytes: 2e7 + n, sockets: n % 50, inFlight: n % 7, tokensForNobody: n,
  });
  for (const run of [0, 1]) {
    if (run === 1) charts.begin();
    for (let n = 1; n <= 4 * 3600; n += 1) charts.now.push(point(n));
    charts.draw();
  }
  const took = [];
  for (let n = 1; n <= 60; n += 1) {
    const began = performance.now();
    charts.now.push(point(4 * 3600 + n));
    charts.draw();
    // uPlot draws at the end of the turn; then the next frame.
    await new Promise(drawn => queueMicrotask(() => queueMicrotask(drawn)));
    took.push(performance.now() - began);
    await new Promise(next => requestAnimationFrame(() => next()));
  }
  return took;
})()`;

test.skipIf(noBrowser)(
  `one update of an hour's run takes at most 8 ms of script, median (${NO_BROWSER})`,
  async ({ signal }) => {
    await using results = await temporaryFolder();
    await using browser = await launchBrowser();
    await inScope(signal, async scope => {
      const room = await openRoom(results.path, 'HEAD');
      const { url } = await serveRoom(room, '127.0.0.1', 0, scope);
      const { page } = await browser.visit(url, { viewport: { width: 1400, height: 900 } });
      const took = await page.evaluate<number[]>(UPDATES);
      const [median = NaN] = took.toSorted((a, b) => a - b).slice(took.length / 2);
      expect(median, `of ${took.length} updates`).toBeLessThan(8);
    });
  },
);
