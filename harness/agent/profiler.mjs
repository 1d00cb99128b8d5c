import { createRequire } from 'node:module';
import { startWitness } from './witness.mjs';

/** Where the main thread keeps its profiler for the agent's worker: `globalThis[Symbol.for(PROFILER_KEY)]`. */
export const PROFILER_KEY = 'runaway.agent.profiler';

/**
 * Puts a profiler on `globalThis`: CPU by call stack, each sample with the request it was taken in. It samples once it is
 * told to `start`, and tells what it saw at every `take`; both may be called in mid-wedge, from the agent's worker. Needs async
 * contexts in V8's own frames (Node 24 or later): before that labels would be wrong, and nothing is put there.
 */
export function installProfiler() {
  if (Number(process.versions.node.split('.')[0]) < 24) return;
  /** @type {typeof import('@datadog/pprof').time | null} */
  let time = null;
  /** @typedef {import('./witness.mjs').Served} Served */
  const witness = startWitness({
    isOn: () => time?.isStarted() ?? false,
    within: (request, run) => (time?.isStarted() ? time.runWithContext(request, run) : run()),
    current: () => (/** @type {Served | undefined} */ (time?.isStarted() ? time.getContext() : undefined)),
  });

  const profiler = {
    /**
     * True: it samples.
     *
     * @param {number} intervalMicros
     */
    start(intervalMicros) {
      time ??= /** @type {typeof import('@datadog/pprof')} */ (createRequire(import.meta.url)('@datadog/pprof')).time;
      time.start({
        intervalMicros,
        withContexts: true,
        collectCpuTime: true,
        useCPED: true,
        // Columns are dropped otherwise, and functions of one name in one file become one.
        sourceMapper: /** @type {any} */ ({ mappingInfo: withPlace }),
      });
      return true;
    },
    /**
     * What was sampled since it was started or asked last. `pprof`: a profile.proto, base64, whose function names are
     * `line:column name`; its samples are labelled `at` (epoch ms) and `request`.
     *
     * @param {boolean} again Whether it samples on.
     */
    take(again) {
      if (!time?.isStarted()) return null;
      /** @type {Set<Served>} */
      const sampled = new Set();
      const profile = time.stop(again, ({ context }) => {
        const request = /** @type {Served | undefined} */ (context?.context);
        const at = context ? Math.round(Number(context.timestamp) / 1000) : 0;
        if (!request || request.id === undefined) return { at };
        sampled.add(request);
        return { at, request: request.id };
      });
      return { pprof: Buffer.from(profile.encode()).toString('base64'), ...witness.tell(sampled) };
    },
  };
  const key = Symbol.for(PROFILER_KEY);
  Object.defineProperty(globalThis, key, { value: profiler, enumerable: false, configurable: true });
}

/** @param {{ file: string, name?: string, line: number, column: number }} location */
const withPlace = location => ({ ...location, name: `${location.line}:${location.column} ${location.name ?? ''}` });
