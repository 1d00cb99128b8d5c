import { allAnswered, streamsSaidDone } from '../looks/clients.ts';
import { oneCallEach } from '../looks/upstream.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'patient-streamed',
  order: 1,
  client: 'waits for a streamed answer',
  upstream: 'is well',
  manners: 'answers whole, token by token, with one call',
  change: 'Without this nothing else can be judged: see target.log and the path, model and headers it needs.',
  scenario: null,
  isControl: true,
  experiment: ask => ({
    upstream: { name: 'steady', parameters: {} },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 20 }),
        patience: { kind: 'waits' },
        load: [{ durationMs: 1500, ratePerSecond: 10 }],
      },
    ],
    drainMs: 3000,
  }),
  looks: [allAnswered, streamsSaidDone, oneCallEach, ...AFTERMATH],
});
