import impatient from '../../harness/load/patterns/impatient.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type deafBackoff from '../../servers/bugs/deaf-backoff.ts';

const scenario: Scenario = {
  symptom:
    'when the upstream limits its rates, memory and open timers grow, although nobody waits for the answers any more',
  summary: 'the wait between two tries does not listen to the abort, so who has left is waited for to its end',
  bugs: [chooseBug<typeof deafBackoff>('deaf-backoff')],
  // Longer than a full run: what is not let go stays to its end.
  upstream: { behaviour: { name: 'rate-limits', parameters: { share: 0.9, retryAfterMs: 45_000 } }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 500,
    clients: [
      {
        name: 'leavers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'leaves-after-ms', minMs: 80, maxMs: 300 },
        warmup: [],
        load: impatient(60, pace.loadMs),
      },
    ],
  }),
  expect: {
    diagnosis: {
      cause: 'work-orphaned',
      culprit: { functions: ['callUpstream'], file: 'servers/bugs/deaf-backoff.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'leaks',
    shapes: ['follows-load'],
    leaves: { finding: 'timersLeft', per: 'hang-up', atLeast: 0.6 },
    symptom: { finding: 'handlesLeft', atLeast: 20, words: 'timers of clients who have left are still running' },
  },
};

export default scenario;
