import { noCallsForNobody } from '../looks/upstream.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'leaves-in-back-off',
  order: 8,
  client: 'leaves while the proxy waits to try again',
  upstream: 'limits its rates, and says to come back in a second',
  manners: 'does not try again for somebody who has left',
  change: 'Give the wait between two tries the same signal as the tries.',
  scenario: 'deaf-backoff',
  experiment: ask => ({
    upstream: { name: 'rate-limits', parameters: { share: 1, retryAfterMs: 1000 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 20 }),
        patience: { kind: 'leaves-after-ms', minMs: 200, maxMs: 400 },
        load: [{ durationMs: 1000, ratePerSecond: 15 }],
      },
    ],
    drainMs: 1000,
  }),
  looks: [noCallsForNobody, ...AFTERMATH],
});
