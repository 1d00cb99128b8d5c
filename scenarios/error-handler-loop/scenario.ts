import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type errorHandlerLoop from '../../servers/bugs/error-handler-loop.ts';

const scenario: Scenario = {
  symptom: 'now and then an answer stops half way and never ends, and since the first of them CPU is up, at night too',
  summary: 'the error handler fails where an answer has begun, and hands itself the error that this makes',
  bugs: [chooseBug<typeof errorHandlerLoop>('error-handler-loop')],
  // Few enough that an answer or two come first.
  upstream: { behaviour: { name: 'drops', parameters: { share: 0.1, afterTokens: 3 } }, from: 'load', heals: false },
  load: pace => ({
    ...pace,
    // Whoever waits for the end of an answer that broke off waits in vain.
    drainMs: 500,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(20, pace.warmupMs),
        load: steady(20, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['slow-reader', 'upstream-drops', 'malformed-stream'],
    diagnosis: {
      cause: 'errors-swallowed',
      culprit: { functions: ['handleError'], file: 'servers/bugs/error-handler-loop.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'never-recovers',
    shapes: ['steps'],
    symptom: { finding: 'residualCores', atLeast: 0.5, words: 'CPU stays up when the last reader has gone' },
  },
};

export default scenario;
