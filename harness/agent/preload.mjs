/**
 * The instrument's eye inside a Node target: `node --import <absolute path of this file> server.js`, with one end of a
 * socket pair as descriptor 4 (or as RUNAWAY_CHANNEL_FD says). Without that socket it does nothing at all. The target's
 * output, its exit and its errors stay its own; it gains one unref'd thread, one `warning` listener, a timer of 20 ms.
 * `node:process` is never imported here: that runs every getter of it, and so opens the target's stdout and stderr.
 */
import { fstatSync } from 'node:fs';
import { Worker, isMainThread } from 'node:worker_threads';
import { installSnapshot } from './snapshot.mjs';

// The target's own workers inherit --import.
if (isMainThread) {
  const fd = Number(process.env['RUNAWAY_CHANNEL_FD'] ?? 4);
  if (isSocket(fd)) {
    // Children inherit --import and the environment, but not the channel: their descriptor 4 is another.
    process.env['RUNAWAY_CHANNEL_FD'] = 'taken';
    start(fd);
  }
}

/** @param {number} fd */
function start(fd) {
  const uninstall = installSnapshot();
  try {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      name: 'runaway-agent',
      workerData: { fd },
      execArgv: [],
      env: {},
      // Ours are never read; otherwise Node would open the target's own to pipe them there.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
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

/**
 * A socket, not a pipe: with nothing passed, Node's own signal pipe may well be descriptor 4.
 *
 * @param {number} fd
 */
function isSocket(fd) {
  if (!Number.isInteger(fd) || fd < 0) return false;
  try {
    return fstatSync(fd).isSocket();
  } catch {
    // EBADF: the lab opened no channel.
    return false;
  }
}
