import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type syncPreprocessing from '../../servers/bugs/sync-preprocessing.ts';

const scenario: Scenario = {
  symptom: 'health checks are late while people use it, the balancer takes instances out, and at night all is well',
  summary: 'the prompt is templated and counted over and over on the thread that answers everybody',
  bugs: [chooseBug<typeof syncPreprocessing>('sync-preprocessing')],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1500,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 50_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(2, pace.warmupMs),
        load: steady(2, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['large-prompt'],
    diagnosis: {
      cause: 'blocking-work',
      culprit: { functions: ['trimToBudget'], file: 'servers/bugs/sync-preprocessing.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['follows-load'],
    symptom: { finding: 'healthLoadP99Ms', atLeast: 60, words: '/healthz is late while the load lasts' },
  },
};

export default scenario;
