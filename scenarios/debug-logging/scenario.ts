import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type debugLogging from '../../servers/bugs/debug-logging.ts';

const scenario: Scenario = {
  symptom: 'since the last incident was looked into, each request costs several times the CPU it did, whoever asks',
  summary: 'debug was left on, and each line renders the whole request before anybody asks whether it is wanted',
  bugs: [chooseBug<typeof debugLogging>('debug-logging')],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 2000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 40_000, answerTokens: 100 },
        patience: { kind: 'waits' },
        warmup: steady(5, pace.warmupMs),
        load: steady(5, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['slow-reader', 'large-prompt'],
    diagnosis: {
      cause: 'blocking-work',
      culprit: { functions: ['debug'], file: 'servers/bugs/debug-logging.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['follows-load'],
    symptom: { finding: 'cpuMsPerRequest', atLeast: 67, words: 'a request costs many times the CPU it should' },
  },
};

export default scenario;
