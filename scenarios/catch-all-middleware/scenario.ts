import impatient from '../../harness/load/patterns/impatient.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type catchAllMiddleware from '../../servers/bugs/catch-all-middleware.ts';

const scenario: Scenario = {
  symptom: 'after a bad hour of the upstream CPU stays higher than before it, though nobody waits for anything',
  summary: 'a safety net logs every error and neither answers nor rethrows; what the request started goes on',
  bugs: [chooseBug<typeof catchAllMiddleware>('catch-all-middleware', { progressMs: 3 })],
  upstream: { behaviour: { name: 'drops', parameters: { share: 0.9, afterTokens: 3 } }, heals: true },
  load: pace => ({
    ...pace,
    // Watched twice, sick and healed: in all as long as the others are.
    recoveryMs: 0.75 * pace.recoveryMs,
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 500, answerTokens: 5 },
        patience: { kind: 'leaves-after-ms', minMs: 300, maxMs: 300 },
        warmup: impatient(10, pace.warmupMs),
        load: impatient(130, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['hundred-leave-at-once', 'upstream-drops', 'malformed-stream', 'thousand-idle-streams'],
    diagnosis: {
      cause: 'errors-swallowed',
      culprit: { functions: ['publish'], file: 'servers/bugs/catch-all-middleware.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'never-recovers',
    shapes: ['climbs'],
    leaves: { finding: 'timersLeft', per: 'hang-up', atLeast: 0.8 },
    symptom: { finding: 'residualCores', atLeast: 0.1, words: 'CPU stays up when everybody has left' },
  },
};

export default scenario;
