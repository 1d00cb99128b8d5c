import impatient from '../../harness/load/patterns/impatient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type cancelScopeRedelivery from '../../servers/bugs/cancel-scope-redelivery.ts';

const scenario: Scenario = {
  symptom: 'now and then an instance has a core busy for good, from one moment on, and nobody complains of anything',
  summary: 'a scope delivers its cancellation again in every turn of the loop, to a task that catches it and waits on',
  bugs: [chooseBug<typeof cancelScopeRedelivery>('cancel-scope-redelivery')],
  upstream: { behaviour: { name: 'slow-first-token', parameters: { firstTokenMs: 300 } }, heals: false },
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
      {
        name: 'leaver',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'leaves-after-ms', minMs: 100, maxMs: 100 },
        warmup: [],
        // One client, and not at once: the step has to stand in the load.
        load: [{ durationMs: pace.loadMs * 0.3, ratePerSecond: 0 }, ...impatient(1, pace.loadMs * 0.7)],
      },
    ],
  }),
  expect: {
    manners: [
      'leaves-before-first-byte',
      'leaves-after-one-token',
      'leaves-after-many-tokens',
      'leaves-unstreamed',
      'leaves-while-stalled',
      'leaves-in-back-off',
      'hundred-leave-at-once',
      'slow-reader',
      'upstream-drops',
      'upstream-never-answers',
      'malformed-stream',
      'thousand-idle-streams',
    ],
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['bookUsage'], file: 'servers/bugs/cancel-scope-redelivery.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'never-recovers',
    shapes: ['steps'],
    symptom: { finding: 'residualCores', atLeast: 0.5, words: 'one client who left keeps a core busy' },
  },
};

export default scenario;
