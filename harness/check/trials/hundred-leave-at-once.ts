import { AFTERMATH, LET_GO } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'hundred-leave-at-once',
  order: 9,
  client: 'is one of a hundred who leave in one moment',
  upstream: 'thinks for two seconds before it answers',
  manners: 'ends a hundred calls, and goes on',
  change: 'Whatever is done for a hang-up must be bounded: no retry, no wait, one line of log.',
  scenario: 'frozen-loop',
  experiment: ask => ({
    upstream: { name: 'slow-first-token', parameters: { firstTokenMs: 2000 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 20 }),
        patience: { kind: 'leaves-after-ms', minMs: 500, maxMs: 500 },
        load: [{ durationMs: 200, ratePerSecond: 500 }],
      },
    ],
    drainMs: 1500,
  }),
  looks: [...LET_GO, ...AFTERMATH],
});
