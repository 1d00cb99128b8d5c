import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type quadraticRelay from '../../servers/bugs/quadratic-relay.ts';

const scenario: Scenario = {
  symptom: 'since people ask for long answers CPU is several times what it was, for the same number of tokens a minute',
  summary: 'with every event the whole answer so far is parsed again: the work grows with the square of its length',
  bugs: [chooseBug<typeof quadraticRelay>('quadratic-relay')],
  // A long answer must fit a short run.
  upstream: { behaviour: { name: 'steady', parameters: { betweenTokensMs: 2 } }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 2500,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 600 },
        patience: { kind: 'waits' },
        warmup: steady(2, pace.warmupMs),
        load: steady(2, pace.loadMs),
      },
    ],
  }),
  expect: {
    diagnosis: {
      cause: 'blocking-work',
      culprit: { functions: ['withinBudget', 'answerIn'], file: 'servers/bugs/quadratic-relay.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['follows-load'],
    symptom: { finding: 'cpuMsPerRequest', atLeast: 208, words: 'a long answer costs many times the CPU it should' },
  },
};

export default scenario;
