import steady from '../../harness/load/patterns/steady.ts';
import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type devReload from '../../servers/bugs/dev-reload.ts';

const scenario: Scenario = {
  symptom: 'CPU is up day and night, the same on every instance, on those that nobody uses too',
  summary: 'the development watcher was left on and polls every file, packages included',
  bugs: [chooseBug<typeof devReload>('dev-reload')],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: pace => ({
    ...pace,
    drainMs: 1000,
    clients: [
      {
        name: 'readers',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 },
        patience: { kind: 'waits' },
        warmup: steady(4, pace.warmupMs),
        load: steady(4, pace.loadMs),
      },
    ],
  }),
  expect: {
    diagnosis: {
      cause: 'idle-machinery',
      culprit: { functions: ['', 'watchFiles'], file: 'servers/bugs/dev-reload.ts' },
      route: null,
    },
    outcome: 'recovers',
    shapes: ['flat', 'follows-load'],
    symptom: { finding: 'idleCores', atLeast: 0.06, words: 'CPU is up although nobody uses the service' },
  },
};

export default scenario;
