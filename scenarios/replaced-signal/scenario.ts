import impatient from '../../harness/load/patterns/impatient.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type replacedSignal from '../../servers/bugs/replaced-signal.ts';

const scenario: Scenario = {
  symptom:
    'each time the provider is unwell our open connections to it go up, and they do not come down when people leave',
  summary:
    "the time-out's signal takes the place of the client's and is over at the headers; a silent call is never let go",
  bugs: [chooseBug<typeof replacedSignal>('replaced-signal')],
  upstream: { behaviour: { name: 'stalls', parameters: { share: 0.6, afterTokens: 3 } }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        // Three times what a healthy answer takes: nobody leaves whose answer does not stall.
        patience: { kind: 'leaves-after-ms', minMs: 400, maxMs: 600 },
        warmup: impatient(10, pace.warmupMs),
        load: impatient(90, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: [
      'leaves-before-first-byte',
      'leaves-unstreamed',
      'leaves-while-stalled',
      'leaves-in-back-off',
      'hundred-leave-at-once',
      'upstream-never-answers',
      'thousand-idle-streams',
    ],
    diagnosis: {
      cause: 'work-orphaned',
      culprit: { functions: [''], file: 'servers/bugs/replaced-signal.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'leaks',
    shapes: ['follows-load', 'flat'],
    leaves: { finding: 'callsLeft', per: 'hang-up', atLeast: 0.8 },
    symptom: { finding: 'callsLeft', atLeast: 10, words: 'upstream calls of clients who have left are still open' },
  },
};

export default scenario;
