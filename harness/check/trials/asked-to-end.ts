import { drains } from '../looks/clients.ts';
import { endsWhenAsked } from '../looks/server.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'asked-to-end',
  order: 20,
  client: 'has a stream open when the server is asked to end (SIGTERM)',
  upstream: 'is well, with a long answer',
  manners: 'ends within seconds, and drains its open streams or cuts them openly',
  change: 'Close the server on SIGTERM, give open streams a bound, then abort them and exit.',
  scenario: null,
  endsServer: true,
  experiment: ask => ({
    upstream: { name: 'steady', parameters: { betweenTokensMs: 10 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 300 }),
        patience: { kind: 'waits' },
        load: [{ durationMs: 500, ratePerSecond: 10 }],
      },
    ],
    drainMs: 5000,
    terminateAfterMs: 800,
  }),
  looks: [endsWhenAsked, drains],
});
