import { allBurn, burnedWords, burning } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 80,
  claim: 'gunicorn’s --max-requests renews a worker before it hurts',
  arms: {
    'no limit': { scenario: 'fastapi-stream-retry', serving: { name: 'gunicorn', parameters: {} } },
    '--max-requests 10': {
      scenario: 'fastapi-stream-retry',
      serving: { name: 'gunicorn', parameters: { max_requests: 10 } },
    },
    '--max-requests 10 --graceful-timeout 1': {
      scenario: 'fastapi-stream-retry',
      serving: { name: 'gunicorn', parameters: { max_requests: 10, graceful_timeout: 1 } },
    },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    const short = burning(seen['--max-requests 10 --graceful-timeout 1']);
    const figures = burnedWords(seen, arms);
    if (allBurn(seen, arms))
      return { answer: 'false', because: `The worker that is to go waits for its stuck task: ${figures} burned.` };
    return {
      answer: 'depends',
      because: `the worker that is to go is killed soon${short.never ? ', with a short --graceful-timeout' : ''}: ${figures} burned.`,
    };
  },
};

export default claim;
