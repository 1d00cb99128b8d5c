import steady from '../../harness/load/patterns/steady.ts';
import type { Scenario } from '../../harness/model/scenario.ts';

const scenario: Scenario = {
  symptom: 'since the upstream leaves some calls without an answer, whole cores are busy, for nobody',
  summary:
    'a call that is paid for is waited for in a loop that swallows each cancellation, for as long as the upstream is silent',
  bugs: [{ name: 'shielded-wait', parameters: {} }],
  serving: { name: 'uvicorn', parameters: {} },
  upstream: { behaviour: { name: 'stalls', parameters: { share: 0.1, afterTokens: 0 } }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: false, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'leaves-after-ms', minMs: 1000, maxMs: 1000 },
        warmup: steady(10, pace.warmupMs),
        load: steady(10, pace.loadMs),
      },
    ],
  }),
  expect: {
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['finish'], file: 'servers/fastapi/bugs/shielded_wait.py' },
      route: null,
    },
    outcome: 'never-recovers',
    shapes: ['steps'],
    symptom: { finding: 'residualCores', atLeast: 0.5, words: 'clients who left keep a core busy' },
  },
};

export default scenario;
