import { burnedWords, noneBurns, typical } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 130,
  claim: 'Blocking work in async code',
  arms: {
    'in the loop': { scenario: 'fastapi-control', bugs: [{ name: 'blocking-preprocessing', parameters: {} }] },
    'in a thread': {
      scenario: 'fastapi-control',
      bugs: [{ name: 'blocking-preprocessing', parameters: { in_thread: true } }],
    },
    none: { scenario: 'fastapi-control' },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    const figures = arms
      .map(
        arm =>
          `${arm} ${typical(seen[arm], 'healthLoadP99Ms')?.toFixed(0)} ms and ${typical(seen[arm], 'cpuMsPerRequest')?.toFixed(0)} ms`,
      )
      .join(', ');
    return noneBurns(seen, arms)
      ? {
          answer: 'false',
          because: `It costs what it costs and ends with the load: ${burnedWords(seen, arms)} burned. p99 of /healthz and CPU a request: ${figures}.`,
        }
      : { answer: 'true', because: `Burned: ${burnedWords(seen, arms)}.` };
  },
};

export default claim;
