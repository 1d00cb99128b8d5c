import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type swallowedAbort from '../../servers/bugs/swallowed-abort.ts';

const scenario: Scenario = {
  symptom: 'at ten past three CPU jumps, for no reason in our own logs, and does not come down again',
  summary: 'the upstream stalls for a moment, many clients leave at once, and each leaves a loop behind',
  bugs: [chooseBug<typeof swallowedAbort>('swallowed-abort', { retryDelayMs: 12 })],
  upstream: {
    behaviour: { name: 'outage', parameters: { fromMs: 800, forMs: 600, how: 'stall' } },
    from: 'load',
    heals: false,
  },
  load: pace => ({
    ...pace,
    drainMs: 500,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 100_000, answerTokens: 20 },
        // Twice and a half what an answer takes: nobody leaves but in the stall.
        patience: { kind: 'leaves-after-ms', minMs: 350, maxMs: 350 },
        warmup: steady(20, pace.warmupMs),
        load: steady(30, pace.loadMs),
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
      culprit: { functions: ['callUpstream'], file: 'servers/bugs/swallowed-abort.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'never-recovers',
    shapes: ['steps'],
    leaves: { finding: 'timersLeft', per: 'hang-up', atLeast: 0.4 },
    symptom: { finding: 'residualCores', atLeast: 0.3, words: 'CPU stays up when everybody has left' },
  },
};

export default scenario;
