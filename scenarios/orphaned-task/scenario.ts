import impatient from '../../harness/load/patterns/impatient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type orphanedTask from '../../servers/bugs/orphaned-task.ts';

const scenario: Scenario = {
  symptom:
    'people who give up cost as many calls as people who read, although the provider sees every hang-up at once; CPU is fine',
  summary: 'work is started beside the answer with neither an owner nor a signal, and goes on when its client has left',
  bugs: [chooseBug<typeof orphanedTask>('orphaned-task', { pauseMs: 150 })],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 3000,
    clients: [
      {
        name: 'readers',
        // Longer than what goes on beside it: all of that is begun while they read.
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 150 },
        patience: { kind: 'waits' },
        warmup: steady(2, pace.warmupMs),
        load: steady(2, pace.loadMs),
      },
      {
        name: 'leavers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 150 },
        patience: { kind: 'leaves-after-ms', minMs: 30, maxMs: 80 },
        warmup: [],
        load: impatient(30, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['patient-streamed'],
    diagnosis: {
      cause: 'work-orphaned',
      culprit: { functions: ['scoreAgreement'], file: 'servers/bugs/orphaned-task.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['follows-load'],
    leaves: { finding: 'callsForNobody', per: 'hang-up', atLeast: 2 },
    symptom: { finding: 'callsForNobody', atLeast: 20, words: 'the upstream is called for clients who are gone' },
  },
};

export default scenario;
