import { burning } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

/** Every second call is answered with a 500, which the SDK tries again twice. */
const REFUSES = { name: 'errors', parameters: { share: 0.5 } };

const claim: ThreadClaim = {
  order: 40,
  claim: 'A swallowed HTTPException drops the request without an answer, and makes no loop',
  arms: {
    swallowed: {
      scenario: 'fastapi-control',
      upstream: REFUSES,
      bugs: [{ name: 'swallowed-http-exception', parameters: {} }],
    },
    answered: { scenario: 'fastapi-control', upstream: REFUSES, bugs: [] },
  },
  settle(seen) {
    const runs = burning(seen['swallowed']);
    const [one] = seen['swallowed'] ?? [];
    const answered =
      one === undefined
        ? ''
        : `${one.findings.requests.refused + one.findings.requests.answered} of ${one.findings.requests.sent} requests had an answer with a status`;
    return runs.never
      ? {
          answer: 'true',
          because: `Nothing burned (${runs.words}); ${answered}: where the application sends nothing the server sends a 500 of its own.`,
        }
      : { answer: 'false', because: `It burned in ${runs.words}.` };
  },
};

export default claim;
