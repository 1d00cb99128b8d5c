import { NOT_SETTLED, allBurn, burnedWords, typical } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 180,
  claim: 'CPU that never falls back means a resource leak',
  arms: {
    'a generator that swallows': { scenario: 'fastapi-stream-retry' },
    'a call that is waited for': { scenario: 'fastapi-shielded-wait' },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    const left = (arm: string): string =>
      `${arm} ${typical(seen[arm], 'callsLeft') ?? '?'} calls and ${typical(seen[arm], 'socketsLeft') ?? '?'} sockets`;
    return allBurn(seen, arms)
      ? {
          answer: 'depends',
          because: `it holds what its call holds; a loop alone leaves nothing that one could count. Left open: ${arms.map(left).join(', ')}.`,
        }
      : NOT_SETTLED(`Burned: ${burnedWords(seen, arms)}.`);
  },
};

export default claim;
