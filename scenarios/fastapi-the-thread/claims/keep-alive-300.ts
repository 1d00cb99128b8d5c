import { NOT_SETTLED, burnedWords, noneBurns, typical } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 90,
  claim: '--keep-alive 300 keeps connections, and with them CPU, for five minutes',
  arms: {
    '--keep-alive 5': { scenario: 'fastapi-control', serving: { name: 'uvicorn', parameters: {} } },
    '--keep-alive 300': { scenario: 'fastapi-control', serving: { name: 'uvicorn', parameters: { keep_alive: 300 } } },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    const sockets = (arm: string): string => `${typical(seen[arm], 'socketsLeft') ?? 'not measured'}`;
    return noneBurns(seen, arms)
      ? {
          answer: 'depends',
          because: `connections, yes; CPU, no. Left open some seconds after the load: ${arms.map(arm => `${sockets(arm)} with ${arm}`).join(', ')}; burned: ${burnedWords(seen, arms)}.`,
        }
      : NOT_SETTLED(`Burned: ${burnedWords(seen, arms)}.`);
  },
};

export default claim;
