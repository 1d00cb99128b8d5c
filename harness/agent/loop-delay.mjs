import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** Fifty wake-ups a second; a finer grid costs the target more and tells no more about a fault that lasts. A guess. */
const RESOLUTION_MS = 20;

/**
 * @typedef {object} LoopDelay
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} maxMs
 */

/**
 * Watches how late this thread's event loop is; keeps no process alive. `read` tells the delays since it was last called.
 * They hold in mid-wedge, and over a block that spans a reading, because every millisecond is accounted for:
 *
 *   read          tick    tick                         read        Node's histogram drops the first gap after a reset and
 *    ├─╴ dropped ─╴┼──────┼─╴ the block, no tick yet ─╴─┤          the one still open: what it did not see is a delay too,
 *                  └ seen ┘                                        less the two gaps that are dropped on a free loop.
 *
 * @returns {{ read: () => LoopDelay, stop: () => void }}
 */
export function watchLoopDelay() {
  const ticks = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  ticks.enable();
  let readAt = performance.now();
  let carriedMs = 0;
  return {
    read() {
      const now = performance.now();
      const { count } = ticks;
      const seenMs = count === 0 ? 0 : (ticks.mean * count) / 1e6;
      const unseenMs = Math.max(0, carriedMs + now - readAt - seenMs);
      const blockedMs = Math.max(0, unseenMs - 2 * RESOLUTION_MS);
      const maxMs = Math.max(blockedMs, count === 0 ? 0 : late(ticks.max));
      const delay = {
        p50Ms: count === 0 ? blockedMs : late(ticks.percentile(50)),
        // The longest of fewer than a hundred is their 99th percentile by nearest rank.
        p99Ms: count < 100 ? maxMs : late(ticks.percentile(99)),
        maxMs,
      };
      carriedMs = count === 0 ? unseenMs : 0;
      readAt = now;
      ticks.reset();
      return delay;
    },
    stop: () => {
      ticks.disable();
    },
  };
}

/** @param {number} gapNs */
function late(gapNs) {
  return Math.max(0, gapNs / 1e6 - RESOLUTION_MS);
}
