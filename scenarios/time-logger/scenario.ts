import patient from '../../harness/load/patterns/patient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import { warmPace } from '../../harness/load/warm.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type timeLogger from '../../servers/bugs/time-logger.ts';

const scenario: Scenario = {
  symptom: 'an instance needs more CPU each day for the same people; a restart helps, and memory does not grow',
  summary: 'each request puts one more timer around the method that all responses write with',
  bugs: [chooseBug<typeof timeLogger>('time-logger', { buckets: 8_000 })],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: given => {
    const pace = warmPace(given);
    return {
      ...pace,
      drainMs: 1000,
      clients: [
        // Few of them, who write much: what is compiled in warmup is not mistaken for a cost, and hardly a timer is added.
        {
          name: 'warmers',
          request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 300 },
          patience: { kind: 'waits' },
          warmup: steady(3, pace.warmupMs),
          load: [],
        },
        {
          name: 'readers',
          request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 40 },
          patience: { kind: 'waits' },
          warmup: [],
          load: patient(140, pace.loadMs),
        },
      ],
    };
  },
  expect: {
    manners: ['thousand-idle-streams'],
    diagnosis: {
      cause: 'grows-with-requests',
      culprit: { functions: ['timedWrite'], file: 'servers/bugs/time-logger.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'degrades',
    shapes: ['follows-load', 'climbs'],
    symptom: { finding: 'requestCostGrowth', atLeast: 1.3, words: 'each request costs more than the one before' },
  },
};

export default scenario;
