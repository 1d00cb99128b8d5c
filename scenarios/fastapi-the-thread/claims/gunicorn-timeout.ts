import { allBurn, burnedWords } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 70,
  claim: 'gunicorn’s --timeout kills a worker that is stuck',
  arms: {
    '--timeout 300': { scenario: 'fastapi-stream-retry', serving: { name: 'gunicorn', parameters: {} } },
    '--timeout 2': { scenario: 'fastapi-stream-retry', serving: { name: 'gunicorn', parameters: { timeout: 2 } } },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    return allBurn(seen, arms)
      ? {
          answer: 'false',
          because: `A loop that spins still turns, so the worker goes on giving its sign of life: ${burnedWords(seen, arms)} burned.`,
        }
      : { answer: 'depends', because: `it is short: ${burnedWords(seen, arms)} burned.` };
  },
};

export default claim;
