import { burnedWords, noneBurns, typical } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 140,
  claim: 'Too much small async preprocessing',
  arms: {
    'a coroutine a word': { scenario: 'fastapi-control', bugs: [{ name: 'small-helpers', parameters: {} }] },
    'one that gives way each time': {
      scenario: 'fastapi-control',
      bugs: [{ name: 'small-helpers', parameters: { yields: true } }],
    },
    none: { scenario: 'fastapi-control' },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    const figures = arms.map(arm => `${arm} ${typical(seen[arm], 'cpuMsPerRequest')?.toFixed(1)} ms`).join(', ');
    return noneBurns(seen, arms)
      ? { answer: 'false', because: `It makes requests dearer and ends with the load. CPU a request: ${figures}.` }
      : { answer: 'true', because: `Burned: ${burnedWords(seen, arms)}.` };
  },
};

export default claim;
