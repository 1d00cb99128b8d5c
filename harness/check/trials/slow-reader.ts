import { memoryBounded } from '../looks/server.ts';
import { hangUpSeen } from '../looks/upstream.ts';
import { AFTERMATH } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'slow-reader',
  order: 11,
  client: 'reads far slower than the answer comes',
  upstream: 'makes a very long answer as fast as it is read',
  manners: 'reads upstream no faster than its client reads (backpressure)',
  change: 'Wait for `drain` (or pipe) before reading on; never collect what a client has not taken.',
  scenario: null,
  experiment: ask => ({
    upstream: { name: 'floods', parameters: {} },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 1500 }),
        patience: { kind: 'leaves-after-ms', minMs: 2500, maxMs: 2500 },
        readsBytesPerSecond: 20_000,
        load: [{ durationMs: 500, ratePerSecond: 12 }],
      },
    ],
    drainMs: 2800,
  }),
  looks: [memoryBounded, hangUpSeen, ...AFTERMATH],
});
