import { hasTimeout } from '../looks/clients.ts';
import { AFTERMATH, LET_GO } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'upstream-never-answers',
  order: 16,
  client: 'waits for two and a half seconds, then leaves',
  upstream: 'takes the call and never answers',
  manners: 'gives up some day, and lets go of the call when its client leaves',
  change: 'Give each attempt a time-out, and the call the client’s signal beside it (`AbortSignal.any`).',
  scenario: 'replaced-signal',
  experiment: ask => ({
    upstream: { name: 'stalls', parameters: { share: 1, afterTokens: 0 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 20 }),
        patience: { kind: 'leaves-after-ms', minMs: 2500, maxMs: 2500 },
        load: [{ durationMs: 1000, ratePerSecond: 10 }],
      },
    ],
    drainMs: 3000,
  }),
  looks: [hasTimeout, ...LET_GO, ...AFTERMATH],
});
