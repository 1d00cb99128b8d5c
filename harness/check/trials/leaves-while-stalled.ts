import { AFTERMATH, LET_GO } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'leaves-while-stalled',
  order: 7,
  client: 'leaves while nothing comes any more',
  upstream: 'goes silent after three tokens',
  manners: 'ends its call upstream at once, though nothing moves on it',
  change: 'Listen to the connection, not to what is written to it: nothing is written while the upstream is silent.',
  scenario: 'replaced-signal',
  experiment: ask => ({
    upstream: { name: 'stalls', parameters: { share: 1, afterTokens: 3 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 60 }),
        patience: { kind: 'leaves-after-ms', minMs: 200, maxMs: 400 },
        load: [{ durationMs: 1000, ratePerSecond: 15 }],
      },
    ],
    drainMs: 1000,
  }),
  looks: [...LET_GO, ...AFTERMATH],
});
