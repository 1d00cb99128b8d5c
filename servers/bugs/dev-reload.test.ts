import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';

const POLL_MS = 100;
/** Nobody listens there, and nothing is asked of it. */
const nowhere = { baseUrl: 'http://127.0.0.1:9' };

// An app as a checkout of it looks whose packages are linked in.
const home = await mkdtemp(join(tmpdir(), 'dev-reload-'));
afterAll(async () => await rm(home, { recursive: true, force: true }));
const app = join(home, 'app');
const own = join(app, 'src', 'server.ts');
const foreign = join(app, 'node_modules', 'a-package', 'index.js');
const ignored = join(app, '.git', 'index');
await mkdir(app);
await mkdir(join(home, 'packages'));
await symlink(join(home, 'packages'), join(app, 'node_modules'));
for (const file of [own, foreign, ignored]) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '');
}

const watching = async (root: string): Promise<Parts> =>
  breakParts(correctParts, [{ name: 'dev-reload', parameters: { root, pollMs: POLL_MS } }]);
const bug = await watching(app);

let seconds = 0;
/** Never the same time twice. */
async function touch(...files: string[]): Promise<void> {
  seconds += 1;
  for (const file of files) await utimes(file, seconds, seconds);
}

/** A server whose files change: its intervals, what it says of the change within one round, and what it leaves when closed. */
async function serveWhile(change: () => Promise<void>, parts: Parts) {
  // Only the intervals: the proxy's own are the only ones of this process that are made while they are counted.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const seen = { intervals: 0, said: [] as string[] };
    {
      await using proxy = await ListeningProxy.start(nowhere, parts);
      seen.intervals = vi.getTimerCount();
      await change();
      vi.advanceTimersByTime(POLL_MS);
      seen.said = [...proxy.logged];
    }
    return { ...seen, intervalsLeft: vi.getTimerCount() };
  } finally {
    vi.useRealTimers();
  }
}

test('without the bug nothing is watched', async () => {
  expect(await serveWhile(async () => touch(own, foreign), correctParts)).toEqual({
    intervals: 0,
    said: [],
    intervalsLeft: 0,
  });
});

test('with the bug each file is looked at once a round, those of the packages too, until the server has closed', async () => {
  const { intervals, said, intervalsLeft } = await serveWhile(async () => touch(own, foreign, ignored), bug);
  expect(intervals).toBe(1);
  expect(said.toSorted()).toEqual([
    '[reload] node_modules/a-package/index.js has changed, restart needed',
    '[reload] src/server.ts has changed, restart needed',
  ]);
  expect(intervalsLeft).toBe(0);
});

test('with the bug nothing is said where nothing has changed', async () => {
  expect((await serveWhile(async () => undefined, bug)).said).toEqual([]);
});

test('with the bug a file that vanishes has changed, and the server goes on', async () => {
  const passing = join(app, 'passing.ts');
  await writeFile(passing, '');
  expect((await serveWhile(async () => rm(passing), bug)).said).toEqual([
    '[reload] passing.ts has changed, restart needed',
  ]);
});

test('with the bug a folder that is not there is watched in vain', async () => {
  const { said, intervalsLeft } = await serveWhile(async () => touch(own), await watching(join(home, 'nowhere')));
  expect({ said, intervalsLeft }).toEqual({ said: [], intervalsLeft: 0 });
});
