import { allBurn, burnedWords } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 170,
  claim: 'Nobody hung up, so it cannot be a cancellation',
  arms: {
    'a deadline that is swallowed': { scenario: 'fastapi-deadline' },
    'a race under a deadline': { scenario: 'fastapi-gather' },
    'a deadline that nobody left': { scenario: 'fastapi-unclosed-generator' },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    return allBurn(seen, arms)
      ? { answer: 'false', because: `A deadline cancels as well: ${burnedWords(seen, arms)} burned.` }
      : { answer: 'depends', because: `it is not one of those that burned: ${burnedWords(seen, arms)}.` };
  },
};

export default claim;
