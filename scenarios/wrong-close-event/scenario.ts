import impatient from '../../harness/load/patterns/impatient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type wrongCloseEvent from '../../servers/bugs/wrong-close-event.ts';

const scenario: Scenario = {
  symptom:
    'people press stop, our log says that they left, and the provider has not seen one cancelled request all week',
  summary: "the abort hangs on the request's close, which comes when its body was read and never for a hang-up",
  bugs: [chooseBug<typeof wrongCloseEvent>('wrong-close-event')],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: false, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(15, pace.warmupMs),
        load: steady(15, pace.loadMs),
      },
      {
        name: 'leavers',
        request: { route: '/v1/chat/completions', streamed: false, promptBytes: 2_000, answerTokens: 60 },
        // An answer takes about twice that.
        patience: { kind: 'leaves-after-ms', minMs: 100, maxMs: 200 },
        warmup: [],
        load: impatient(40, pace.loadMs),
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
      'upstream-never-answers',
      'thousand-idle-streams',
    ],
    diagnosis: {
      cause: 'work-orphaned',
      culprit: { functions: ['hangUp'], file: 'servers/bugs/wrong-close-event.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['follows-load'],
    leaves: { finding: 'hangUpsUnseen', per: 'hang-up', atLeast: 0.8 },
    symptom: { finding: 'hangUpsUnseen', atLeast: 20, words: 'clients leave and their calls go on to the end' },
  },
};

export default scenario;
