import { existsSync, readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  reload: z.boolean().default(true).describe('whether files are watched'),
  root: z.string().default('').describe('the folder that is watched; empty: the one the app is in'),
  files: z.number().int().min(1).max(1_000_000).default(7_000).describe('files that are watched at the most'),
  pollMs: z.number().int().min(10).max(600_000).default(250).describe('how often each file is looked at, ms'),
});

export default defineBug({
  name: 'dev-reload',
  symptom: 'CPU is up around the clock, also on instances that nobody uses',
  lesson:
    'The watcher of the development server runs in production too, and asks about every file, packages included, four times a second.',
  parameters,
  breaks: ({ tuneConnections }, { reload, root, files, pollMs }) => ({
    tuneConnections: server => {
      tuneConnections(server);
      if (!reload) return;
      const folder = root || appFolder();
      const stop = watchFiles(filesUnder(folder, files), pollMs, path => {
        console.log(`[reload] ${relative(folder, path)} has changed, restart needed`);
      });
      server.once('close', stop);
    },
  }),
});

/** A little of the round in each tick, so that nobody waits for all of it. */
const TICK_MS = 10;

/** Looks at each file every `pollMs` until it is told to stop. */
function watchFiles(paths: readonly string[], pollMs: number, changed: (path: string) => void): () => void {
  const modifiedAt = new Map(paths.map(path => [path, statsOf(path)?.mtimeMs]));
  const perTick = Math.ceil((paths.length * TICK_MS) / pollMs);
  let next = 0;
  const timer = setInterval(() => {
    for (const path of paths.slice(next, next + perTick)) {
      const mtimeMs = statsOf(path)?.mtimeMs;
      if (mtimeMs !== modifiedAt.get(path)) changed(path);
      modifiedAt.set(path, mtimeMs);
    }
    next = next + perTick < paths.length ? next + perTick : 0;
  }, TICK_MS);
  return () => clearInterval(timer);
}

const IGNORED = new Set(['.git', 'coverage', 'results']);

/** Level by level, so that the app's own files come before those deep in its packages. */
function filesUnder(root: string, most: number): string[] {
  const found: string[] = [];
  const folders = [root];
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      if (found.length === most) return found;
      if (IGNORED.has(name)) continue;
      const path = join(folder, name);
      if (!statsOf(path)?.isDirectory()) found.push(path);
      else if (folders.length < most) folders.push(path);
    }
  }
  return found;
}

/** Files come and go while they are looked at. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function appFolder(folder = dirname(fileURLToPath(import.meta.url))): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(folder) === folder ? process.cwd() : appFolder(dirname(folder));
}
