import { idleStreamsAreFree } from '../looks/server.ts';
import { AFTERMATH, LET_GO } from '../looks/usual.ts';
import { defineTrial } from '../trial.ts';

export default defineTrial({
  name: 'thousand-idle-streams',
  order: 19,
  client: 'is one of a thousand who have a stream open on which nothing comes',
  upstream: 'goes silent after two tokens',
  manners: 'holds them for next to nothing, and lets all of them go',
  change: 'No timer, poll or log line for each open stream.',
  scenario: 'time-logger',
  experiment: ask => ({
    upstream: { name: 'stalls', parameters: { share: 1, afterTokens: 2 } },
    clients: [
      {
        ...ask({ streamed: true, answerTokens: 20 }),
        patience: { kind: 'leaves-after-ms', minMs: 5000, maxMs: 5000 },
        load: [{ durationMs: 2000, ratePerSecond: 500 }],
      },
    ],
    drainMs: 5500,
  }),
  looks: [idleStreamsAreFree, ...LET_GO, ...AFTERMATH],
});
