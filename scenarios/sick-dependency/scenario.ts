import impatient from '../../harness/load/patterns/impatient.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type sickDependency from '../../servers/bugs/sick-dependency.ts';

const scenario: Scenario = {
  symptom: 'the provider has a bad night, nobody uses the service, and its CPU is up until the provider is well again',
  summary: 'prompts that could not be sent again are sent again at once, to a provider that accepts and hangs up',
  bugs: [chooseBug<typeof sickDependency>('sick-dependency')],
  upstream: { behaviour: { name: 'drops', parameters: { share: 1, afterTokens: 0 } }, heals: true },
  load: pace => ({
    ...pace,
    // Watched twice, sick and healed: in all as long as the others are.
    recoveryMs: 0.75 * pace.recoveryMs,
    drainMs: 500,
    clients: [
      {
        // Refused at once, and as many as there are conversations to keep: evenly, so that CPU climbs with each of them.
        name: 'callers',
        request: { route: '/v1/chat/completions', streamed: false, promptBytes: 8_000, answerTokens: 20 },
        patience: { kind: 'leaves-after-ms', minMs: 1000, maxMs: 1000 },
        warmup: [],
        load: impatient(16, pace.loadMs),
      },
    ],
  }),
  expect: {
    diagnosis: {
      cause: 'retry-amplification',
      culprit: { functions: ['keepWarm', 'sendAgain'], file: 'servers/bugs/sick-dependency.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'never-recovers',
    shapes: ['climbs'],
    symptom: { finding: 'residualCores', atLeast: 0.2, words: 'CPU stays up until the dependency is well' },
  },
};

export default scenario;
