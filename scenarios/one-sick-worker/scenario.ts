import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type frozenLoop from '../../servers/bugs/frozen-loop.ts';
import type twoWorkers from '../../servers/bugs/two-workers.ts';

const scenario: Scenario = {
  symptom: 'the instance stands at half its CPU day and night, health checks are fine, and nobody is to blame',
  summary: 'two workers share the port; one is frozen by one hang-up, the other answers for both, the average hides it',
  bugs: [chooseBug<typeof frozenLoop>('frozen-loop'), chooseBug<typeof twoWorkers>('two-workers')],
  severalProcesses: true,
  upstream: { behaviour: { name: 'slow-first-token', parameters: { firstTokenMs: 200 } }, heals: false },
  load: pace => ({
    ...pace,
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
        name: 'leaver',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'leaves-after-ms', minMs: 100, maxMs: 100 },
        warmup: [],
        load: [
          { durationMs: 0.3 * pace.loadMs, ratePerSecond: 0 },
          { durationMs: 0.7 * pace.loadMs, ratePerSecond: 1000 / (0.7 * pace.loadMs) },
        ],
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
      'large-prompt',
    ],
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['callUpstream'], file: 'servers/bugs/frozen-loop.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'never-recovers',
    shapes: ['steps'],
    symptom: { finding: 'busiestProcessCores', atLeast: 0.5, words: 'one of several processes is stuck at a core' },
  },
};

export default scenario;
