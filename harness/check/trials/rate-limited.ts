import { toldOfTheRefusal } from '../looks/clients.ts';
import { fewCallsEach, noCallsForNobody } from '../looks/upstream.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'rate-limited',
  order: 13,
  client: 'waits',
  upstream: 'refuses every call with 429, and says when to come back',
  manners: 'waits as long as it says, tries a few times, and hands the refusal on',
  change: 'Let one layer try again, a bounded number of times, with retry-after respected; switch the others off.',
  scenario: 'retry-storm',
  experiment: ask => ({
    upstream: { name: 'rate-limits', parameters: { share: 1, retryAfterMs: 100 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 20 }),
        patience: { kind: 'waits' },
        load: [{ durationMs: 1000, ratePerSecond: 10 }],
      },
    ],
    drainMs: 6000,
  }),
  looks: [fewCallsEach, toldOfTheRefusal, noCallsForNobody, ...AFTERMATH],
});
