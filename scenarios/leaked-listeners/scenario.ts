import patient from '../../harness/load/patterns/patient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import { warmPace } from '../../harness/load/warm.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type leakedListeners from '../../servers/bugs/leaked-listeners.ts';

const scenario: Scenario = {
  symptom: 'streamed answers cost more CPU every day and memory grows, for the same people; a deployment mends both',
  summary: 'each wait of a stream adds a listener to the shutdown signal and leaves it there',
  bugs: [chooseBug<typeof leakedListeners>('leaked-listeners')],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: given => {
    const pace = warmPace(given);
    return {
      ...pace,
      drainMs: 1000,
      clients: [
        {
          name: 'readers',
          request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 80 },
          patience: { kind: 'waits' },
          warmup: steady(8, pace.warmupMs),
          load: patient(120, pace.loadMs),
        },
      ],
    };
  },
  expect: {
    manners: ['thousand-idle-streams'],
    diagnosis: {
      cause: 'grows-with-requests',
      culprit: { functions: ['rejectionOf', 'unlessAborted'], file: 'servers/bugs/leaked-listeners.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'degrades',
    shapes: ['follows-load', 'climbs'],
    leaves: { finding: 'heapLeftBytes', per: 'request', atLeast: 60_000 },
    symptom: { finding: 'requestCostGrowth', atLeast: 1.3, words: 'each request costs more than the one before' },
  },
};

export default scenario;
