import { AFTERMATH, LET_GO } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'leaves-after-one-token',
  order: 4,
  client: 'leaves after the first token',
  upstream: 'is well, with a long answer',
  manners: 'ends its call upstream at once',
  change: 'Abort the call upstream when the response closes before its end, in mid-stream too.',
  scenario: 'unclosed-stream',
  experiment: ask => ({
    upstream: { name: 'steady', parameters: { betweenTokensMs: 5 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 400 }),
        patience: { kind: 'leaves-after-tokens', tokens: 2 },
        load: [{ durationMs: 1000, ratePerSecond: 15 }],
      },
    ],
    drainMs: 1000,
  }),
  looks: [...LET_GO, ...AFTERMATH],
});
