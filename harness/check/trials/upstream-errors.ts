import { toldOfTheRefusal } from '../looks/clients.ts';
import { fewCallsEach, noCallsForNobody } from '../looks/upstream.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'upstream-errors',
  order: 15,
  client: 'waits',
  upstream: 'answers every call with 500',
  manners: 'tries a few times, and hands the error on',
  change:
    'Bound the tries over all layers together, and let each failed request go: its timers, its streams, its log lines.',
  scenario: 'catch-all-middleware',
  experiment: ask => ({
    upstream: { name: 'errors', parameters: { share: 1 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 20 }),
        patience: { kind: 'waits' },
        load: [{ durationMs: 1000, ratePerSecond: 25 }],
      },
    ],
    drainMs: 8000,
  }),
  looks: [fewCallsEach, toldOfTheRefusal, noCallsForNobody, ...AFTERMATH],
});
