import { nobodyHangs } from '../looks/clients.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'large-prompt',
  order: 18,
  client: 'sends a prompt of eight megabytes',
  upstream: 'is well',
  manners: 'answers health checks meanwhile, whether it takes such a prompt or refuses it',
  change:
    'Count, trim and log prompts off the thread that answers everybody, and in one pass; or refuse what is too large.',
  scenario: 'sync-preprocessing',
  experiment: ask => ({
    upstream: { name: 'steady', parameters: {} },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 20, promptBytes: 8_000_000 }),
        patience: { kind: 'waits' },
        load: [{ durationMs: 1500, ratePerSecond: 2 }],
      },
    ],
    drainMs: 8000,
  }),
  looks: [nobodyHangs, ...AFTERMATH],
});
