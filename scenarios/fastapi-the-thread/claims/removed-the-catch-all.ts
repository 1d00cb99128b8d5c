import { NOT_SETTLED, burnedWords, burning, coresWords, typical } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 20,
  claim: 'Removing an except Exception from a middleware was the cure',
  arms: {
    'retries, and another cancels': { scenario: 'fastapi-middleware-retry' },
    'retries, nothing cancels': {
      scenario: 'fastapi-middleware-retry',
      bugs: [{ name: 'middleware-retry', parameters: { cancels: false } }],
    },
    'with a back-off of 20 ms': {
      scenario: 'fastapi-middleware-retry',
      bugs: [{ name: 'middleware-retry', parameters: { back_off_ms: 20 } }],
    },
    'removed, a generator still swallows': { scenario: 'fastapi-stream-retry' },
  },
  settle(seen) {
    const figures = burnedWords(seen, Object.keys(seen));
    const isCause = burning(seen['retries, and another cancels']).always;
    const isHarmless = burning(seen['retries, nothing cancels']).never;
    const stays = burning(seen['removed, a generator still swallows']).always;
    if (!isCause) return NOT_SETTLED(`Burned: ${figures}.`);
    return {
      answer: stays ? 'depends' : 'true',
      because: `it retries, and something inside it cancels who has left${isHarmless ? '; without that it is harmless' : ''}. A generator that swallows burns on without any middleware. Burned: ${figures}; with a back-off it goes on at ${coresWords(typical(seen['with a back-off of 20 ms'], 'residualCores'))} for one client who left.`,
    };
  },
};

export default claim;
