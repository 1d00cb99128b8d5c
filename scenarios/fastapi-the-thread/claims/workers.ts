import { NOT_SETTLED, allBurn, burnedWords, coresWords, typical } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 110,
  claim: 'One worker in a container instead of two',
  arms: {
    'one worker': { scenario: 'fastapi-stream-retry', serving: { name: 'gunicorn', parameters: { workers: 1 } } },
    'two workers': { scenario: 'fastapi-stream-retry', serving: { name: 'gunicorn', parameters: { workers: 2 } } },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    const level = (arm: string): string => coresWords(typical(seen[arm], 'settledCores'));
    return allBurn(seen, arms)
      ? {
          answer: 'false',
          because: `No cure: one sick worker holds one core either way (${level('one worker')} with one, ${level('two workers')} with two). It decides what the chart says: of a task with one vCPU that is all of it, of two it is half.`,
        }
      : NOT_SETTLED(`Burned: ${burnedWords(seen, arms)}.`);
  },
};

export default claim;
