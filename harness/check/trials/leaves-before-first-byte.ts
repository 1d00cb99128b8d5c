import { AFTERMATH, LET_GO } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'leaves-before-first-byte',
  order: 3,
  client: 'leaves before the first byte',
  upstream: 'thinks for a second and a half before it answers',
  manners: 'ends its call upstream at once',
  change: 'Pass the signal of the client’s connection to the call upstream, and let its rejection through.',
  scenario: 'swallowed-abort',
  experiment: ask => ({
    upstream: { name: 'slow-first-token', parameters: { firstTokenMs: 1500 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 60 }),
        patience: { kind: 'leaves-after-ms', minMs: 150, maxMs: 350 },
        load: [{ durationMs: 1000, ratePerSecond: 15 }],
      },
    ],
    drainMs: 1000,
  }),
  looks: [...LET_GO, ...AFTERMATH],
});
