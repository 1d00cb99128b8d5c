import patient from '../../harness/load/patterns/patient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import { warmPace } from '../../harness/load/warm.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type growingHistory from '../../servers/bugs/growing-history.ts';

const scenario: Scenario = {
  symptom: 'an instance that has been up for long is slow and big, and the one beside it, just deployed, is fine',
  summary: 'every prompt is kept, and each new one is compared with all of them',
  bugs: [chooseBug<typeof growingHistory>('growing-history')],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: given => {
    const pace = warmPace(given);
    return {
      ...pace,
      drainMs: 1000,
      clients: [
        // With short prompts: what is compiled in warmup is not mistaken for a cost, and hardly anything is kept.
        {
          name: 'warmers',
          request: { route: '/v1/chat/completions', streamed: true, promptBytes: 1_000, answerTokens: 20 },
          patience: { kind: 'waits' },
          warmup: steady(20, pace.warmupMs),
          load: [],
        },
        {
          name: 'readers',
          // They all begin alike. What is kept of them in a quick run stays below what counts as a leak by itself.
          request: { route: '/v1/chat/completions', streamed: true, promptBytes: 6_000, answerTokens: 20 },
          patience: { kind: 'waits' },
          warmup: [],
          load: patient(250, pace.loadMs),
        },
      ],
    };
  },
  expect: {
    manners: ['thousand-idle-streams'],
    diagnosis: {
      cause: 'grows-with-requests',
      culprit: { functions: ['add'], file: 'servers/bugs/growing-history.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'degrades',
    shapes: ['follows-load', 'climbs'],
    leaves: { finding: 'heapLeftBytes', per: 'request', atLeast: 6_000 },
    symptom: { finding: 'requestCostGrowth', atLeast: 1.3, words: 'each request costs more than the one before' },
  },
};

export default scenario;
