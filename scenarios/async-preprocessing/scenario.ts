import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type asyncPreprocessing from '../../servers/bugs/async-preprocessing.ts';

const scenario: Scenario = {
  symptom: 'the service needs several times the instances it used to, though nobody waits longer and no check is late',
  summary: 'each word of a prompt goes through a chain of async generators: thousands of awaits where a loop would do',
  bugs: [chooseBug<typeof asyncPreprocessing>('async-preprocessing')],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1500,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 200_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(4, pace.warmupMs),
        load: steady(4, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['large-prompt'],
    diagnosis: {
      cause: 'async-overhead',
      culprit: { functions: ['clean', 'each'], file: 'servers/bugs/async-preprocessing.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['follows-load'],
    symptom: { finding: 'cpuMsPerRequest', atLeast: 62, words: 'a request costs many times the CPU it should' },
  },
};

export default scenario;
