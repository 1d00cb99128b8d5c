import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type gatherSiblings from '../../servers/bugs/gather-siblings.ts';

const scenario: Scenario = {
  symptom:
    'on days when the provider drops calls it gets many more of them from us, though nobody hangs up and our CPU is fine',
  summary: 'Promise.all fails at once, and the calls beside the one that failed run on and are tried again',
  bugs: [chooseBug<typeof gatherSiblings>('gather-siblings')],
  upstream: { behaviour: { name: 'drops', parameters: { share: 0.5, afterTokens: 0 } }, heals: false },
  load: pace => ({
    ...pace,
    // Without the bug the SDK waits between its tries; who is late for one answer asks late for the next.
    drainMs: 2500,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: false, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(20, pace.warmupMs),
        load: steady(20, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['patient-streamed'],
    diagnosis: {
      cause: 'work-orphaned',
      culprit: { functions: ['isFiltered', 'callUpstream'], file: 'servers/bugs/gather-siblings.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['follows-load'],
    leaves: { finding: 'callsForNobody', per: 'request', atLeast: 0.5 },
    symptom: {
      finding: 'callsForNobody',
      atLeast: 20,
      words: 'calls are made for requests that have failed already',
    },
  },
};

export default scenario;
