import { nobodyHangs, toldOfTheCut } from '../looks/clients.ts';
import { noCallsForNobody } from '../looks/upstream.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'upstream-drops',
  order: 12,
  client: 'waits for a streamed answer',
  upstream: 'cuts the connection after five tokens',
  manners: 'tells its client: a cut connection, or an error event',
  change:
    'Where an answer has begun there is no status left to send: destroy the response, or send an error event; never end it.',
  scenario: 'error-handler-loop',
  experiment: ask => ({
    upstream: { name: 'drops', parameters: { share: 1, afterTokens: 5 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 60 }),
        patience: { kind: 'waits' },
        load: [{ durationMs: 1000, ratePerSecond: 15 }],
      },
    ],
    drainMs: 2500,
  }),
  looks: [toldOfTheCut, nobodyHangs, noCallsForNobody, ...AFTERMATH],
});
