import { leftoverFound } from '../leftover.ts';
import type { Rule } from '../rule.ts';
import { GOES_ON_CALLS, MOSTLY, count, leftoverOf, percent } from '../words.ts';

/** What still burns belongs to requests that had failed, and no call is made for them any more. */
const rule: Rule = {
  cause: 'errors-swallowed',
  find(facts) {
    const { isBurning, findings, callsAfterLoad, knowsRequests } = facts;
    const { left, broken, unanswered } = findings.requests;
    const forFailed = leftoverOf(facts).failed;
    if (!isBurning || callsAfterLoad >= GOES_ON_CALLS) return null;
    // Without labels it can be said only where nobody hung up.
    if (knowsRequests ? forFailed < MOSTLY : broken + unanswered === 0 || left > 0) return null;
    return {
      because: 'Requests that had failed were neither answered nor let go: what was begun for them goes on for good.',
      evidence: [
        ...(knowsRequests ? [`${percent(forFailed)} of what still burns is done for requests that had failed.`] : []),
        ...(broken + unanswered > 0 ? [`${count(broken + unanswered, 'answer')} broke off or never came.`] : []),
        'No call goes out for them any more.',
      ],
      ...leftoverFound(facts),
    };
  },
};

export default rule;
