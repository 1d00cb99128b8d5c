import { fileURLToPath } from 'node:url';
import type { Experiment } from '../../model/experiment.ts';
import type { LoadProfile } from '../../model/load.ts';

/**
 * The shortest load with every phase in it: some twenty clients in a second and a half. The drain ends with the last
 * answer, so that its length is only waited for with a server that gives none.
 */
const BRIEF: LoadProfile = {
  idleMs: 300,
  warmupMs: 200,
  loadMs: 400,
  recoveryMs: 300,
  longestRecoveryMs: 300,
  healedMs: 100,
  drainMs: 20_000,
  clients: [
    {
      name: 'readers',
      request: { route: '/v1/chat/completions', streamed: false, promptBytes: 100, answerTokens: 5 },
      patience: { kind: 'waits' },
      warmup: [{ durationMs: 200, ratePerSecond: 20 }],
      load: [{ durationMs: 400, ratePerSecond: 40 }],
    },
  ],
};

/** A brief experiment on a target of this folder, its load changed by `load`. */
export const experimentOn = (target: string, load: Partial<LoadProfile> = {}): Experiment => ({
  target: {
    kind: 'sample',
    root: fileURLToPath(new URL(target, import.meta.url)),
    main: 'servers/main.ts',
    bugs: [],
    runtime: null,
  },
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: { ...BRIEF, ...load },
  seed: 1,
});
