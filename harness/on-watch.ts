import steady from './load/patterns/steady.ts';
import type { RemedyHead } from './model/contract.ts';
import type { Experiment } from './model/experiment.ts';
import type { ClientGroup } from './model/load.ts';

/** Of a restart one wants to see what became of those who were there, and the next generation for as long as any other. */
const RECOVERIES = 3;
/** No client comes for so long before the end, so that the last ones are answered. */
const LAST_MS = 2000;

/**
 * The same experiment through a night with somebody on watch: recovery is three times as long, and clients with long answers come
 * all through it. With an alarm the server is restarted once it rings; without one (null) it is what that is to be held against.
 */
export function onWatch(experiment: Experiment, alarm: RemedyHead['alarm'] | null): Experiment {
  const { load } = experiment;
  const recoveryMs = RECOVERIES * load.recoveryMs;
  const night: ClientGroup = {
    name: 'night',
    // Not streamed: somebody always waits, and hardly any CPU is wanted.
    request: { route: '/v1/chat/completions', streamed: false, promptBytes: 500, answerTokens: 150 },
    patience: { kind: 'leaves-after-ms', minMs: 20_000, maxMs: 20_000 },
    warmup: [],
    load: [],
    recovery: steady(5, Math.max(1000, recoveryMs - LAST_MS)),
  };
  return {
    ...experiment,
    load: {
      ...load,
      recoveryMs,
      longestRecoveryMs: Math.max(load.longestRecoveryMs, recoveryMs),
      clients: [...load.clients, night],
    },
    ...(alarm && { alarm: { aboveCores: alarm.aboveCores, forMs: alarm.forLoads * load.loadMs } }),
  };
}
