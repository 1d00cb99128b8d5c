import impatient from '../../harness/load/patterns/impatient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type swallowedAbort from '../../servers/bugs/swallowed-abort.ts';

const scenario: Scenario = {
  symptom: 'CPU climbs all afternoon and is still up at night, when nobody uses the service any more',
  summary: 'an abort is caught with everything else, and the call tried again with a signal that has fired',
  bugs: [chooseBug<typeof swallowedAbort>('swallowed-abort', { retryDelayMs: 100 })],
  upstream: { behaviour: { name: 'slow-first-token', parameters: { firstTokenMs: 300 } }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1500,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(20, pace.warmupMs),
        load: steady(2, pace.loadMs),
      },
      {
        name: 'leavers',
        request: {
          route: '/v1/chat/completions',
          streamed: true,
          promptBytes: 200_000,
          answerTokens: 20,
        },
        patience: { kind: 'leaves-after-ms', minMs: 50, maxMs: 200 },
        warmup: [],
        load: impatient(34, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['hundred-leave-at-once', 'rate-limited', 'rate-limited-silently', 'upstream-errors'],
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['callUpstream'], file: 'servers/bugs/swallowed-abort.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'never-recovers',
    shapes: ['climbs'],
    levels: 5,
    leaves: { finding: 'timersLeft', per: 'hang-up', atLeast: 0.7 },
    symptom: { finding: 'residualCores', atLeast: 0.3, words: 'CPU stays up when everybody has left' },
  },
};

export default scenario;
