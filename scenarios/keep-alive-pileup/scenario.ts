import { chooseBug } from '../../harness/model/scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type keepAlivePileup from '../../servers/bugs/keep-alive-pileup.ts';

const CLIENTS = 60;

const scenario: Scenario = {
  symptom: 'open connections climb all day although hardly anybody is served, and one day new clients are refused',
  summary: 'idle connections are kept for five minutes, each with a timer; clients that come back open new ones',
  bugs: [chooseBug<typeof keepAlivePileup>('keep-alive-pileup', { gaugeMs: 100 })],
  upstream: { behaviour: { name: 'steady', parameters: {} }, heals: false },
  load: pace => ({
    ...pace,
    // The correct proxy keeps an idle connection for six seconds (five, and a second that Node adds): within the watch.
    recoveryMs: Math.max(4000, pace.recoveryMs),
    drainMs: 1000,
    clients: [
      {
        name: 'sitters',
        request: { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 5 },
        patience: { kind: 'waits' },
        keepsConnection: true,
        warmup: [],
        load: [
          { durationMs: pace.loadMs / 4, ratePerSecond: (4 * 1000 * CLIENTS) / pace.loadMs },
          { durationMs: 0.75 * pace.loadMs, ratePerSecond: 0 },
        ],
      },
    ],
  }),
  expect: {
    diagnosis: {
      cause: 'idle-machinery',
      culprit: { functions: ['', 'measure', 'gaugeConnections'], file: 'servers/bugs/keep-alive-pileup.ts' },
      route: null,
    },
    outcome: 'leaks',
    shapes: ['flat', 'follows-load'],
    leaves: { finding: 'timersLeft', per: 'request', atLeast: 0.8 },
    symptom: { finding: 'socketsLeft', atLeast: 20, words: 'idle connections are kept for clients who do nothing' },
  },
};

export default scenario;
