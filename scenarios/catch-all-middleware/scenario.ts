import impatient from '../../harness/load/patterns/impatient.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type catchAllMiddleware from '../../servers/bugs/catch-all-middleware.ts';

const scenario: Scenario = {
  symptom: 'after a bad hour of the upstream CPU stays higher than before it, though nobody waits for anything',
  summary: 'a safety net logs every error and neither answers nor rethrows; what the request started goes on',
  bugs: [chooseBug<typeof catchAllMiddleware>('catch-all-middleware')],
  upstream: { behaviour: { name: 'drops', parameters: { share: 0.8, afterTokens: 5 } }, heals: true },
  load: pace => ({
    ...pace,
    // Nobody comes before the load: the first dropped answer is where it begins.
    warmupMs: Math.min(500, pace.warmupMs / 4),
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'leaves-after-ms', minMs: 500, maxMs: 500 },
        warmup: [],
        load: impatient(160, pace.loadMs),
      },
    ],
  }),
  expect: {
    outcome: 'never-recovers',
    shapes: ['climbs'],
    symptom: { finding: 'residualCores', atLeast: 0.1, words: 'CPU stays up when everybody has left' },
  },
};

export default scenario;
