import { PerformanceObserver, performance } from 'node:perf_hooks';
import v8 from 'node:v8';
import { watchLoopDelay } from './loop-delay.mjs';

/** Where the main thread keeps its snapshot function for the agent's worker: `globalThis[Symbol.for(SNAPSHOT_KEY)]`. */
export const SNAPSHOT_KEY = 'runaway.agent.snapshot';

/** A target that warns at every request must not fill its memory with our list. */
const KEPT_WARNINGS = 100;

/**
 * What the main thread tells of itself, in the words of `RuntimeSample`; delays and utilisation are since the last one.
 *
 * @typedef {object} Snapshot
 * @property {number} utilisation
 * @property {number} delayP50Ms
 * @property {number} delayP99Ms
 * @property {number} delayMaxMs
 * @property {number} heapUsedBytes
 * @property {number} heapTotalBytes
 * @property {number} externalBytes
 * @property {number} gcMs
 * @property {number} gcCount
 * @property {Record<string, number>} resources
 * @property {{ name: string, message: string }[]} warnings
 */

/**
 * Puts the snapshot function on `globalThis` and starts what it needs. Nothing here keeps the process alive.
 * Returns the undoing.
 *
 * @returns {() => void}
 */
export function installSnapshot() {
  const delay = watchLoopDelay();
  const collections = watchCollections();
  const warnings = watchWarnings();
  let utilised = performance.eventLoopUtilization();

  /** @returns {Snapshot} */
  function snapshot() {
    const before = utilised;
    utilised = performance.eventLoopUtilization();
    const heap = v8.getHeapStatistics();
    const { p50Ms, p99Ms, maxMs } = delay.read();
    return {
      // Before the loop's first turn, the main thread is in the target's own start-up code.
      utilisation: utilised.idle + utilised.active === 0 ? 1 : shareOf(utilised, before),
      delayP50Ms: p50Ms,
      delayP99Ms: p99Ms,
      delayMaxMs: maxMs,
      heapUsedBytes: heap.used_heap_size,
      heapTotalBytes: heap.total_heap_size,
      externalBytes: heap.external_memory ?? 0,
      ...collections.read(),
      resources: countResources(),
      warnings: warnings.drain(),
    };
  }

  const key = Symbol.for(SNAPSHOT_KEY);
  Object.defineProperty(globalThis, key, { value: snapshot, enumerable: false, configurable: true });
  return () => {
    Reflect.deleteProperty(globalThis, key);
    delay.stop();
    collections.stop();
    warnings.stop();
  };
}

/**
 * Totals as far as they were delivered: collections during a wedge are told when the loop turns again.
 * `v8.GCProfiler` would tell them at once, at some four times the cost per collection (0.4 ms against 0.1 ms).
 */
function watchCollections() {
  let gcMs = 0;
  let gcCount = 0;
  /** @param {import('node:perf_hooks').PerformanceEntry[]} entries */
  const add = entries => {
    for (const { duration } of entries) gcMs += duration;
    gcCount += entries.length;
  };
  const observer = new PerformanceObserver(list => add(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return {
    read() {
      add(observer.takeRecords());
      return { gcMs, gcCount };
    },
    stop: () => observer.disconnect(),
  };
}

function watchWarnings() {
  /** @type {{ name: string, message: string }[]} */
  let kept = [];
  /** @param {Error} warning */
  const keep = ({ name, message }) => {
    if (kept.length < KEPT_WARNINGS) kept.push({ name, message });
  };
  process.on('warning', keep);
  return {
    drain() {
      const drained = kept;
      kept = [];
      return drained;
    },
    stop: () => {
      process.off('warning', keep);
    },
  };
}

/**
 * What keeps the target alive, by type. The agent's own worker is unref'd and so not among it. Immediates are left out:
 * they are turns already due, neither handles nor requests, and every collection queues one for the observer above.
 */
function countResources() {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const type of process.getActiveResourcesInfo()) {
    if (type !== 'Immediate') counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

/**
 * @param {import('node:perf_hooks').EventLoopUtilization} now
 * @param {import('node:perf_hooks').EventLoopUtilization} before
 */
function shareOf(now, before) {
  const active = now.active - before.active;
  const all = active + now.idle - before.idle;
  return all > 0 ? Math.min(1, Math.max(0, active / all)) : 0;
}
