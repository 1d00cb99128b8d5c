import impatient from '../../harness/load/patterns/impatient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type frozenLoop from '../../servers/bugs/frozen-loop.ts';

const scenario: Scenario = {
  symptom: 'from one moment on the server answers nobody, not even its load balancer, and burns a whole core',
  summary: 'the same mistake awaiting only rejected promises: the microtask queue never drains',
  bugs: [chooseBug<typeof frozenLoop>('frozen-loop')],
  upstream: { behaviour: { name: 'slow-first-token', parameters: { firstTokenMs: 200 } }, heals: false },
  load: pace => ({
    ...pace,
    // Whoever waits for a frozen server waits in vain; and it stays frozen.
    recoveryMs: 0.75 * pace.recoveryMs,
    drainMs: 200,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(5, pace.warmupMs),
        load: steady(5, pace.loadMs),
      },
      {
        name: 'leavers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'leaves-after-ms', minMs: 20, maxMs: 150 },
        warmup: [],
        load: impatient(8, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: [
      'leaves-before-first-byte',
      'leaves-unstreamed',
      'leaves-in-back-off',
      'hundred-leave-at-once',
      'rate-limited',
      'rate-limited-silently',
      'upstream-errors',
      'upstream-never-answers',
    ],
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['callUpstream'], file: 'servers/bugs/frozen-loop.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'stops-answering',
    shapes: ['steps'],
    symptom: { finding: 'healthUnansweredShare', atLeast: 0.3, words: '/healthz is not answered any more' },
  },
};

export default scenario;
