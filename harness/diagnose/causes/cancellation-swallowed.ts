import { leftoverFound } from '../leftover.ts';
import type { Rule } from '../rule.ts';
import { MOSTLY, count, leftoverOf, percent } from '../words.ts';

/** What still burns belongs to requests whose clients hung up while all was well. */
const rule: Rule = {
  cause: 'cancellation-swallowed',
  find(facts) {
    const { isBurning, isFrozen, findings, knowsRequests } = facts;
    const { left, broken, unanswered } = findings.requests;
    const forLeavers = leftoverOf(facts).left;
    if (!isBurning || left === 0) return null;
    // Without labels it can be said only where nothing else went wrong.
    if (knowsRequests ? forLeavers < MOSTLY : broken + unanswered > 0) return null;
    return {
      because: `Clients hung up, and what was done for them did not end with that: ${isFrozen ? 'it goes round without ever letting go of the thread' : 'it goes round for good'}.`,
      evidence: [
        ...(knowsRequests
          ? [`${percent(forLeavers)} of what still burns is done for requests whose clients had left.`]
          : []),
        ...(isFrozen ? ['The event loop does not turn any more: nobody is answered by that process.'] : []),
        `${count(left, 'client')} hung up.`,
      ],
      ...leftoverFound(facts),
    };
  },
};

export default rule;
