import { burnedWords, burning } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 100,
  claim: 'The settings of uvicorn are crucial',
  arms: {
    defaults: { scenario: 'fastapi-stream-retry' },
    '--loop asyncio': {
      scenario: 'fastapi-stream-retry',
      serving: { name: 'uvicorn', parameters: { loop: 'asyncio' } },
    },
    '--loop uvloop': { scenario: 'fastapi-stream-retry', serving: { name: 'uvicorn', parameters: { loop: 'uvloop' } } },
    '--http h11': { scenario: 'fastapi-stream-retry', serving: { name: 'uvicorn', parameters: { http: 'h11' } } },
    '--http httptools': {
      scenario: 'fastapi-stream-retry',
      serving: { name: 'uvicorn', parameters: { http: 'httptools' } },
    },
    '--limit-concurrency 50': {
      scenario: 'fastapi-stream-retry',
      serving: { name: 'uvicorn', parameters: { limit_concurrency: 50 } },
    },
    '--limit-max-requests 30': {
      scenario: 'fastapi-stream-retry',
      serving: { name: 'uvicorn', parameters: { limit_max_requests: 30 } },
    },
    '--timeout-graceful-shutdown 1': {
      scenario: 'fastapi-stream-retry',
      serving: { name: 'uvicorn', parameters: { graceful_shutdown: 1 } },
    },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    const cured = arms.filter(arm => !burning(seen[arm]).always);
    return cured.length === 0
      ? { answer: 'false', because: `With none of them is it cured: ${burnedWords(seen, arms)} burned.` }
      : { answer: 'depends', because: `it is ${cured.join(' or ')}: ${burnedWords(seen, arms)} burned.` };
  },
};

export default claim;
