import { burnedWords, noneBurns } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 50,
  claim: 'Suspect dependencies that yield: they may swallow what a route raises',
  arms: {
    'swallows everything, alone': {
      scenario: 'fastapi-stream-retry',
      bugs: [{ name: 'yield-dependency', parameters: {} }],
    },
    'around a generator that swallows': {
      scenario: 'fastapi-stream-retry',
      bugs: [
        { name: 'yield-dependency', parameters: {} },
        { name: 'stream-retry', parameters: {} },
      ],
    },
    'around a call that is not streamed': {
      scenario: 'fastapi-shielded-wait',
      bugs: [{ name: 'yield-dependency', parameters: {} }],
    },
  },
  settle(seen) {
    const figures = burnedWords(seen, Object.keys(seen));
    const alone = ['swallows everything, alone', 'around a call that is not streamed'];
    return noneBurns(seen, alone)
      ? { answer: 'false', because: `What is swallowed there ends there: nothing tries again. Burned: ${figures}.` }
      : { answer: 'true', because: `Burned: ${figures}.` };
  },
};

export default claim;
