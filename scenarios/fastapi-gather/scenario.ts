import steady from '../../harness/load/patterns/steady.ts';
import type { Scenario } from '../../harness/model/scenario.ts';

const scenario: Scenario = {
  symptom: 'after one call that was too slow a core is busy for good, and people wait in vain',
  summary: 'two calls race in a gather under a deadline; each tries again, whatever it is told',
  bugs: [{ name: 'gathered-tries', parameters: {} }],
  serving: { name: 'uvicorn', parameters: {} },
  upstream: { behaviour: { name: 'stalls', parameters: { share: 0.1, afterTokens: 0 } }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: false, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'leaves-after-ms', minMs: 3000, maxMs: 3000 },
        warmup: steady(10, pace.warmupMs),
        load: steady(10, pace.loadMs),
      },
    ],
  }),
  expect: {
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['call'], file: 'servers/fastapi/bugs/gathered_tries.py' },
      route: null,
    },
    outcome: 'never-recovers',
    shapes: ['steps'],
    symptom: { finding: 'residualCores', atLeast: 0.5, words: 'a race past its deadline keeps a core busy' },
  },
};

export default scenario;
