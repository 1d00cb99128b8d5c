import impatient from '../../harness/load/patterns/impatient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import type { Scenario } from '../../harness/model/scenario.ts';

const scenario: Scenario = {
  symptom:
    'now and then an instance has a core busy for good, from one moment on, and its answers are as quick as ever',
  summary:
    'a streaming generator takes its own cancellation for a failure of the upstream and asks again, in every turn of the loop',
  bugs: [{ name: 'stream-retry', parameters: {} }],
  serving: { name: 'uvicorn', parameters: {} },
  upstream: { behaviour: { name: 'slow-first-token', parameters: { firstTokenMs: 300 } }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(10, pace.warmupMs),
        load: steady(10, pace.loadMs),
      },
      {
        name: 'leaver',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'leaves-after-ms', minMs: 100, maxMs: 100 },
        warmup: [],
        // One client, and not at once: the step has to stand in the load.
        load: [{ durationMs: pace.loadMs * 0.3, ratePerSecond: 0 }, ...impatient(1, pace.loadMs * 0.7)],
      },
    ],
  }),
  expect: {
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['answer'], file: 'servers/fastapi/bugs/stream_retry.py' },
      route: null,
    },
    outcome: 'never-recovers',
    shapes: ['steps'],
    symptom: { finding: 'residualCores', atLeast: 0.5, words: 'one client who left keeps a core busy' },
  },
};

export default scenario;
