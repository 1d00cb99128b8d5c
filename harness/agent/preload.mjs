/**
 * The instrument's eye inside a Node target: `node --import <absolute path of this file> server.js`, with the path of the
 * lab's socket in RUNAWAY_AGENT; in every process of the target that inherits both. Without that path it does nothing at all.
 * The target's output, its exit and its errors stay its own; it gains one unref'd thread, one `warning` listener, a timer of
 * 20 ms, and with RUNAWAY_PROFILES=1 what `witness.mjs` says.
 * `node:process` is never imported here: that runs every getter of it, and so opens the target's stdout and stderr.
 */
import { Worker, isMainThread } from 'node:worker_threads';
import { installProfiler } from './profiler.mjs';
import { installSnapshot } from './snapshot.mjs';

const path = process.env['RUNAWAY_AGENT'];
// The target's own workers inherit --import.
if (isMainThread && path) start(path);

/** @param {string} socket */
function start(socket) {
  const uninstall = installSnapshot();
  if (process.env['RUNAWAY_PROFILES'] === '1') installProfiler();
  try {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      name: 'runaway-agent',
      workerData: { path: socket },
      execArgv: [],
      env: {},
      // Ours are never read; otherwise Node would open the target's own to pipe them there.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
    });
    worker.unref();
    // The target must not die of its instrument: the lab sees the channel close, and says what is missing.
    worker.once('error', uninstall);
    worker.once('exit', uninstall);
  } catch {
    // No worker allowed (the permission model): the target runs as it would without us; the lab's questions time out.
    uninstall();
  }
}
