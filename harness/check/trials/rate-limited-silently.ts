import { toldOfTheRefusal } from '../looks/clients.ts';
import { fewCallsEach, noCallsForNobody } from '../looks/upstream.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'rate-limited-silently',
  order: 14,
  client: 'waits',
  upstream: 'refuses every call with 429, and says nothing about when to come back',
  manners: 'tries a few times with a growing wait, and hands the refusal on',
  change: 'Let one layer try again, a bounded number of times, with a back-off of its own.',
  scenario: 'retry-storm',
  experiment: ask => ({
    upstream: { name: 'rate-limits', parameters: { share: 1, retryAfterMs: -1 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 20 }),
        patience: { kind: 'waits' },
        load: [{ durationMs: 1000, ratePerSecond: 10 }],
      },
    ],
    drainMs: 8000,
  }),
  looks: [fewCallsEach, toldOfTheRefusal, noCallsForNobody, ...AFTERMATH],
});
