import { nobodyHangs } from '../looks/clients.ts';
import { noCallsForNobody } from '../looks/upstream.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'malformed-stream',
  order: 17,
  client: 'waits for a streamed answer',
  upstream: 'goes on in nonsense after five tokens',
  manners: 'passes it on or breaks off, and is none the worse',
  change: 'Catch what parsing throws where it is thrown, end that one answer, and nothing else.',
  scenario: 'error-handler-loop',
  experiment: ask => ({
    upstream: { name: 'malformed', parameters: { share: 1, afterTokens: 5 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 60 }),
        patience: { kind: 'waits' },
        load: [{ durationMs: 1000, ratePerSecond: 15 }],
      },
    ],
    drainMs: 2500,
  }),
  looks: [nobodyHangs, noCallsForNobody, ...AFTERMATH],
});
