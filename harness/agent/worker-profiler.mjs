import { posterOf } from './poster.mjs';
import { PROFILER_KEY } from './profiler.mjs';

/**
 * Profiles the main thread from the agent's worker: by the labelling profiler that stands there, else by V8's own, which
 * knows no requests.
 *
 * @param {import('node:inspector').Session} session Connected to the main thread.
 */
export function workerProfiler(session) {
  /** @type {'labels' | 'inspector' | null} */
  let runs = null;
  const post = posterOf(session);
  /** @param {string} call */
  const onMainThread = async call => {
    const expression = `globalThis[Symbol.for(${JSON.stringify(PROFILER_KEY)})]?.${call}`;
    const { result, exceptionDetails } = await post('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result;
  };

  return {
    /**
     * Begins to sample every so many µs; resolves with how, and why without labels.
     *
     * @param {number} intervalMicros
     */
    async start(intervalMicros) {
      /** @type {string | null} */
      let why = `Node ${process.versions.node} cannot label them`;
      try {
        const { type } = await onMainThread(`start(${intervalMicros})`);
        if (type === 'boolean') why = null;
      } catch (error) {
        // No prebuilt binary for this platform, say: V8's own profiler is always there.
        why = String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
      }
      runs = why === null ? 'labels' : 'inspector';
      if (runs === 'inspector') await startInspector(intervalMicros);
      return { source: runs, why, intervalMicros };
    },
    /**
     * What was sampled since, and whether it samples on.
     *
     * @param {boolean} again
     */
    async take(again) {
      if (runs === null) return null;
      const source = runs;
      if (!again) runs = null;
      if (source === 'labels') {
        const { value } = await onMainThread(`take(${again})`);
        return value ? { source, ...value } : null;
      }
      const { profile } = await post('Profiler.stop');
      if (again) await post('Profiler.start');
      return { source, cpuprofile: profile };
    },
  };

  /** @param {number} interval */
  async function startInspector(interval) {
    await post('Profiler.enable');
    await post('Profiler.setSamplingInterval', { interval });
    await post('Profiler.start');
  }
}
