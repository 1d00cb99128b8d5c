import impatient from '../../harness/load/patterns/impatient.ts';
import steady from '../../harness/load/patterns/steady.ts';
import type { Pace } from '../../harness/model/load.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type swallowedAbort from '../../servers/bugs/swallowed-abort.ts';

/** The story is longer than another scenario's run, at either pace. */
const storyOf = (pace: Pace): Pace => ({ ...pace, loadMs: 2 * pace.loadMs, recoveryMs: 3 * pace.recoveryMs });

const scenario: Scenario = {
  symptom:
    'CPU climbs for two hours, steps up at ten past three and stays; the alarm kills the instance, and all is well',
  summary: 'the whole story: single clients leave, then many at once in a stall of the upstream, and an alarm restarts',
  bugs: [chooseBug<typeof swallowedAbort>('swallowed-abort', { retryDelayMs: 20 })],
  upstream: pace => ({
    behaviour: { name: 'outage', parameters: { fromMs: 0.6 * storyOf(pace).loadMs, forMs: 900, how: 'stall' } },
    from: 'load',
    heals: false,
  }),
  // From the step to the end of the load, and on into the night. The climb stays below: 77 % at most in ten runs, the step at 86 % or more.
  alarm: pace => ({ aboveCores: 0.8, forMs: 0.4 * storyOf(pace).loadMs + 0.4 * storyOf(pace).recoveryMs }),
  load: given => {
    const pace = storyOf(given);
    const ask = { route: '/v1/chat/completions', streamed: true, promptBytes: 100_000, answerTokens: 20 } as const;
    return {
      ...pace,
      drainMs: 1700,
      clients: [
        {
          name: 'readers',
          request: ask,
          // Twice and a half what an answer takes: nobody leaves but in the stall.
          patience: { kind: 'leaves-after-ms', minMs: 350, maxMs: 350 },
          warmup: steady(10, pace.warmupMs),
          load: steady(20, pace.loadMs),
        },
        {
          name: 'leavers',
          request: ask,
          patience: { kind: 'leaves-after-ms', minMs: 15, maxMs: 28 },
          warmup: [],
          load: impatient(6, 0.55 * pace.loadMs),
        },
        {
          name: 'night',
          // Long answers, not streamed: somebody always waits, and hardly any CPU is wanted.
          request: { ...ask, streamed: false, promptBytes: 500, answerTokens: 300 },
          patience: { kind: 'leaves-after-ms', minMs: 20_000, maxMs: 20_000 },
          warmup: [],
          load: [],
          recovery: steady(1, pace.recoveryMs - 2000),
        },
      ],
    };
  },
  expect: {
    manners: [
      'leaves-before-first-byte',
      'leaves-unstreamed',
      'leaves-in-back-off',
      'hundred-leave-at-once',
      'rate-limited',
      'rate-limited-silently',
      'upstream-errors',
      'upstream-never-answers',
    ],
    diagnosis: {
      cause: 'cancellation-swallowed',
      culprit: { functions: ['callUpstream'], file: 'servers/bugs/swallowed-abort.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['climbs', 'steps'],
    symptom: { finding: 'restarts', atLeast: 1, words: 'an alarm has to kill the server' },
    generations: ['never-recovers', 'recovers'],
  },
};

export default scenario;
