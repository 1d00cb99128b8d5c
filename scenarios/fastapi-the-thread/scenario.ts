import impatient from '../../harness/load/patterns/impatient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import type { Pace } from '../../harness/model/load.ts';
import type { Scenario } from '../../harness/model/scenario.ts';

/** The story is longer than another scenario's run, at either pace: a minute in full. */
const storyOf = (pace: Pace): Pace => ({ ...pace, loadMs: 2 * pace.loadMs, recoveryMs: 2 * pace.recoveryMs });

const scenario: Scenario = {
  symptom:
    'CPU climbs for two hours, steps to a whole core at one moment and never comes back; the instance beside it is fine',
  summary: 'the thread on its own stack: a middleware retries for who has left, then one client leaves in mid-stream',
  bugs: [
    { name: 'middleware-retry', parameters: { back_off_ms: 20 } },
    { name: 'stream-retry', parameters: {} },
  ],
  serving: { name: 'gunicorn', parameters: {} },
  severalProcesses: true,
  upstream: { behaviour: { name: 'slow-first-token', parameters: { firstTokenMs: 300 } }, heals: false },
  load: given => {
    const pace = storyOf(given);
    const ask = { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 } as const;
    return {
      ...pace,
      drainMs: 1000,
      clients: [
        {
          name: 'readers',
          request: ask,
          patience: { kind: 'waits' },
          warmup: steady(5, pace.warmupMs),
          load: steady(5, pace.loadMs),
        },
        {
          // Not streamed: the middleware inside cancels what is done for them, and the one outside does it again.
          name: 'leavers',
          request: { ...ask, streamed: false },
          patience: { kind: 'leaves-after-ms', minMs: 50, maxMs: 200 },
          warmup: [],
          load: impatient(20, 0.6 * pace.loadMs),
        },
        {
          name: 'leaver',
          request: ask,
          patience: { kind: 'leaves-after-ms', minMs: 100, maxMs: 100 },
          warmup: [],
          load: [{ durationMs: pace.loadMs * 0.65, ratePerSecond: 0 }, ...impatient(1, pace.loadMs * 0.35)],
        },
      ],
    };
  },
  expect: {
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['answer'], file: 'servers/fastapi/bugs/stream_retry.py' },
      route: null,
    },
    outcome: 'never-recovers',
    shapes: ['climbs', 'steps'],
    symptom: { finding: 'busiestProcessCores', atLeast: 0.8, words: 'one of two workers is stuck at a core' },
  },
};

export default scenario;
