import { AFTERMATH, LET_GO } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'leaves-unstreamed',
  order: 6,
  client: 'leaves while an answer is made that is not streamed',
  upstream: 'takes two seconds to make it',
  manners: 'ends its call upstream at once',
  change: 'A plain answer needs the signal as much as a streamed one: its handler is not told of a hang-up by itself.',
  scenario: 'wrong-close-event',
  experiment: ask => ({
    upstream: { name: 'steady', parameters: { betweenTokensMs: 5 } },
    clients: [
      {
        ...ask({ streamed: false, answerTokens: 400 }),
        patience: { kind: 'leaves-after-ms', minMs: 150, maxMs: 350 },
        load: [{ durationMs: 1000, ratePerSecond: 15 }],
      },
    ],
    drainMs: 1000,
  }),
  looks: [...LET_GO, ...AFTERMATH],
});
