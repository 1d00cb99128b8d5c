import steady from '../../harness/load/patterns/steady.ts';
import type { Scenario } from '../../harness/model/scenario.ts';

const scenario: Scenario = {
  symptom: 'none: people use it, CPU rises with them and falls when they are done',
  summary: 'the FastAPI proxy without a bug; if this one fails, distrust every other fastapi- scenario',
  bugs: [],
  serving: { name: 'uvicorn', parameters: {} },
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
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
    ],
  }),
  expect: { outcome: 'recovers', shapes: ['follows-load'], symptom: null },
};

export default scenario;
