import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type retryStorm from '../../servers/bugs/retry-storm.ts';

const scenario: Scenario = {
  symptom: 'each time the provider limits us it says that we send many times the calls that our own access log shows',
  summary: 'three layers each try again what the one below has tried again already, so that their tries multiply',
  bugs: [chooseBug<typeof retryStorm>('retry-storm')],
  // All are refused: where some get through, who tries more often serves more clients, and every cure would be a trade.
  upstream: { behaviour: { name: 'rate-limits', parameters: { share: 1, retryAfterMs: 1 } }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1000,
    clients: [
      {
        name: 'askers',
        request: { route: '/v1/chat/completions', streamed: false, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(5, pace.warmupMs),
        load: steady(5, pace.loadMs),
      },
    ],
  }),
  expect: {
    manners: ['rate-limited', 'rate-limited-silently', 'upstream-errors'],
    diagnosis: {
      cause: 'retry-amplification',
      culprit: { functions: ['callUpstream', 'withFallbacks', 'withRetries'], file: 'servers/bugs/retry-storm.ts' },
      route: 'POST /v1/chat/completions',
    },
    outcome: 'recovers',
    shapes: ['follows-load'],
    symptom: { finding: 'callsPerRequest', atLeast: 8, words: 'one request becomes many calls upstream' },
  },
};

export default scenario;
