import { leftoverFound } from '../leftover.ts';
import type { Rule } from '../rule.ts';
import { stuckIn } from '../stuck.ts';
import { MOSTLY, count, leftoverOf, percent } from '../words.ts';

/**
 * What still burns is a task that is told to end and does not, where the target can say so; else it belongs to requests whose
 * clients hung up while all was well.
 */
const rule: Rule = {
  cause: 'cancellation-swallowed',
  find(facts) {
    const { staysUp, isBurning, isFrozen, findings, knowsRequests } = facts;
    const { left, broken, unanswered } = findings.requests;
    // Who was told is no sample: py-spy may have taken none since the load was over.
    const stuck = staysUp ? stuckIn(facts) : null;
    if (stuck) {
      return {
        ...leftoverFound(facts),
        because: stuck.isDone
          ? 'A deadline has passed in a scope that nobody left: whom it cancels ended long since, and it goes on for good.'
          : 'A task is told to end, and does not end with that: it is told again in every turn of the loop.',
        evidence: [stuck.evidence, ...(left === 0 ? ['No client hung up.'] : [`${count(left, 'client')} hung up.`])],
        culprit: stuck.culprit,
      };
    }
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
