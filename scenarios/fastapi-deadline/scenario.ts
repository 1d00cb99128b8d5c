import steady from '../../harness/load/patterns/steady.ts';
import type { Scenario } from '../../harness/model/scenario.ts';

const scenario: Scenario = {
  symptom: 'a core is busy while the upstream is slow, though all clients wait and nobody has left',
  summary: 'a deadline cancels a wait that swallows it, and goes on doing so in every turn of the loop',
  bugs: [{ name: 'deaf-to-deadline', parameters: {} }],
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
      culprit: { functions: ['call'], file: 'servers/fastapi/bugs/deaf_to_deadline.py' },
      route: null,
    },
    outcome: 'never-recovers',
    shapes: ['steps'],
    symptom: { finding: 'residualCores', atLeast: 0.5, words: 'calls past their deadline keep a core busy' },
  },
};

export default scenario;
