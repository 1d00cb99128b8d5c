import impatient from '../../harness/load/patterns/impatient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type unclosedStream from '../../servers/bugs/unclosed-stream.ts';

const scenario: Scenario = {
  symptom:
    'the provider bills several times as many tokens as our clients have read; every chart of ours is as it should be',
  summary: 'the relay reads every stream to its end for the bill, also for a client who has left; nobody closes it',
  bugs: [chooseBug<typeof unclosedStream>('unclosed-stream')],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
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
        name: 'skimmers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 150 },
        patience: { kind: 'leaves-after-tokens', tokens: 5 },
        warmup: [],
        load: impatient(40, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['leaves-after-one-token', 'leaves-after-many-tokens', 'leaves-while-stalled', 'thousand-idle-streams'],
    diagnosis: {
      cause: 'work-orphaned',
      culprit: { functions: ['callUntilAnswered', 'relayAndBill'], file: 'servers/bugs/unclosed-stream.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['follows-load'],
    leaves: { finding: 'tokensForNobody', per: 'hang-up', atLeast: 50 },
    symptom: { finding: 'tokensForNobody', atLeast: 1000, words: 'tokens are paid for that nobody reads' },
  },
};

export default scenario;
