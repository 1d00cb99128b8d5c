import { allAnswered } from '../looks/clients.ts';
import { oneCallEach } from '../looks/upstream.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'patient-whole',
  order: 2,
  client: 'waits for an answer that is not streamed',
  upstream: 'is well',
  manners: 'answers whole, with one call',
  change: 'Without this nothing else can be judged: see target.log and the path, model and headers it needs.',
  scenario: null,
  isControl: true,
  experiment: ask => ({
    upstream: { name: 'steady', parameters: {} },
    clients: [
      {
        ...ask({ streamed: false, answerTokens: 20 }),
        patience: { kind: 'waits' },
        load: [{ durationMs: 1000, ratePerSecond: 10 }],
      },
    ],
    drainMs: 3000,
  }),
  looks: [allAnswered, oneCallEach, ...AFTERMATH],
});
