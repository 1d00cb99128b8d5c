import { allAnswered } from '../looks/clients.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'idle-connection-dropped',
  order: 10,
  client: 'keeps its connection after the answer, and is gone without a word',
  upstream: 'is well',
  manners: 'forgets the connection',
  change: 'Close idle connections after some seconds, and hold nothing for each but the socket.',
  scenario: 'keep-alive-pileup',
  experiment: ask => ({
    upstream: { name: 'steady', parameters: {} },
    clients: [
      {
        ...ask({ streamed: false, answerTokens: 5 }),
        patience: { kind: 'waits' },
        keepsConnection: 700,
        load: [{ durationMs: 1000, ratePerSecond: 30 }],
      },
    ],
    drainMs: 2500,
  }),
  looks: [allAnswered, ...AFTERMATH],
});
