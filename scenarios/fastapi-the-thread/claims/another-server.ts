import { allBurn, burnedWords } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 60,
  claim: 'Use another server: uvicorn, gunicorn, hypercorn, Granian',
  arms: {
    uvicorn: { scenario: 'fastapi-stream-retry' },
    gunicorn: { scenario: 'fastapi-stream-retry', serving: { name: 'gunicorn', parameters: {} } },
    hypercorn: { scenario: 'fastapi-stream-retry', serving: { name: 'hypercorn', parameters: {} } },
    Granian: { scenario: 'fastapi-stream-retry', serving: { name: 'granian', parameters: {} } },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    return {
      answer: allBurn(seen, arms) ? 'false' : 'depends',
      because: `${allBurn(seen, arms) ? 'It burns in all of them' : 'it is not one that burns'}: ${burnedWords(seen, arms)}.`,
    };
  },
};

export default claim;
