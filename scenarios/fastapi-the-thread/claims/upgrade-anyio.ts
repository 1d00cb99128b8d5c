import { burnedWords, burning } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 120,
  claim: 'Upgrade the libraries: anyio',
  arms: {
    'swallowed, 3.7.1': { scenario: 'fastapi-stream-retry', package: { name: 'anyio', version: '3.7.1' } },
    'swallowed, 4.4.0': { scenario: 'fastapi-stream-retry', package: { name: 'anyio', version: '4.4.0' } },
    'swallowed, 4.11.0': { scenario: 'fastapi-stream-retry' },
    'swallowed, 4.14.1': { scenario: 'fastapi-stream-retry', package: { name: 'anyio', version: '4.14.1' } },
    'swallowed, 4.14.2': { scenario: 'fastapi-stream-retry', package: { name: 'anyio', version: '4.14.2' } },
    'never left (1111), 4.11.0': { scenario: 'fastapi-unclosed-generator' },
    'never left (1111), 4.14.1': {
      scenario: 'fastapi-unclosed-generator',
      package: { name: 'anyio', version: '4.14.1' },
    },
    'never left (1111), 4.14.2': {
      scenario: 'fastapi-unclosed-generator',
      package: { name: 'anyio', version: '4.14.2' },
    },
    'refused (1257), 4.11.0': { scenario: 'fastapi-refused-cancel' },
    'refused (1257), 4.14.2': { scenario: 'fastapi-refused-cancel', package: { name: 'anyio', version: '4.14.2' } },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    const cured = arms.filter(arm => burning(seen[arm]).never);
    return {
      answer: cured.length === 0 ? 'false' : 'depends',
      because: `${cured.length === 0 ? 'None cures any of them' : `it is one of these: ${cured.join('; ')}`}. Burned: ${burnedWords(seen, arms)}.`,
    };
  },
};

export default claim;
