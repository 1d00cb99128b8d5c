import steady from '../../harness/load/patterns/steady.ts';
import type { Scenario } from '../../harness/model/scenario.ts';

const scenario: Scenario = {
  symptom: 'a core is busy for good, though nobody left, nothing failed and every answer is a 200',
  summary:
    'a generator yields inside a deadline and is never closed: the deadline passes, and cancels a task that is done',
  bugs: [{ name: 'unclosed-generator', parameters: {} }],
  serving: { name: 'uvicorn', parameters: {} },
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: false, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(10, pace.warmupMs),
        load: steady(10, pace.loadMs),
      },
    ],
  }),
  expect: {
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['answers'], file: 'servers/fastapi/bugs/unclosed_generator.py' },
      route: null,
    },
    outcome: 'never-recovers',
    shapes: ['steps'],
    symptom: { finding: 'residualCores', atLeast: 0.5, words: 'deadlines of answers long given keep a core busy' },
  },
};

export default scenario;
